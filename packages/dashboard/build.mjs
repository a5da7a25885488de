// Builds dist/. Plain JavaScript, because `npm ci` runs it under whatever Node the machine has. An install without
// development packages has no Vite: the hub then runs without its screens and says so.
import { join } from 'node:path';
import { BUDGET, firstLoad } from './first-load.mjs';

let vite;
try {
  vite = await import('vite');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.log('dashboard: not built, because vite is not installed (an install without development packages)');
}
if (vite !== undefined) {
  // Whoever builds (a test run, say) may have set it to something else, and would get React's development build.
  process.env.NODE_ENV = 'production';
  await vite.build({ root: import.meta.dirname, logLevel: 'warn' });
  const { bytes } = firstLoad(join(import.meta.dirname, 'dist'));
  const kilobytes = (count) => `${Math.ceil(count / 1000)} KB`;
  console.log(`dashboard: ${kilobytes(bytes)} of JavaScript at first load, packed, of ${kilobytes(BUDGET)}`);
}
