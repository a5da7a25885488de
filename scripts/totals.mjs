// Adds up the JSON reports of the test runs and prints `N passed, N failed` last. A step that failed without a failing
// test (lint, types, an install) counts as one failure, and so does a run that left no report.
import { readFileSync } from 'node:fs';

const [steps = '0', ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const path of reports) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests ?? 0;
}
failed = Math.max(failed, Number(steps));
if (passed === 0) failed = Math.max(failed, 1);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
