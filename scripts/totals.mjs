// Adds up the JSON reports of the test runs and prints `N passed, N failed` last. A step that failed without a failing
// test (lint, types, an install) counts as one failure, and so does a run that left no report. What failed is named
// again right before the totals, because a log of thousands of lines is read from its end.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Names what failed, with the first lines of what it said. */
function tell(file, name, said = '') {
  console.log(`failed: ${relative(process.cwd(), file)}: ${name}`);
  for (const line of said.split('\n').slice(0, 6)) console.log(`    ${line.slice(0, 200)}`);
}

const [steps = '0', ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const path of reports) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests ?? 0;
  for (const file of report.testResults) {
    const tests = file.assertionResults.filter(({ status }) => status === 'failed');
    for (const test of tests) tell(file.name, test.fullName, test.failureMessages?.[0]);
    // What a file does before its tests, as starting their hub, leaves them out when it fails.
    if (file.status === 'failed' && tests.length === 0) {
      failed += 1;
      tell(file.name, 'the whole file', file.message);
    }
  }
}
failed = Math.max(failed, Number(steps));
if (passed === 0) failed = Math.max(failed, 1);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
