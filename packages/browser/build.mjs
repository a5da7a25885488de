// Builds dist/: vedette.js, one script without imports, and banner.css, whose hash is in the script. Plain JavaScript,
// because `npm ci` runs it under whatever Node the machine has. An install without development packages has no Vite.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
let vite;
try {
  vite = await import('vite');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.log('browser: not built, because vite is not installed (an install without development packages)');
}
if (vite !== undefined) {
  process.env.NODE_ENV = 'production';
  rmSync(dist, { recursive: true, force: true });
  const build = (name, input, define, output) =>
    vite.build({
      root: here,
      configFile: false,
      logLevel: 'warn',
      define,
      build: {
        outDir: dist,
        emptyOutDir: false,
        target: 'es2021',
        cssTarget: ['chrome100', 'firefox100', 'safari15.4'],
        modulePreload: { polyfill: false },
        rolldownOptions: { input: join(here, input), output: { ...output, [name]: '[name][extname]' } },
      },
    });
  await build('assetFileNames', 'src/banner.css', {}, {});
  const hash = createHash('sha384')
    .update(readFileSync(join(dist, 'banner.css')))
    .digest('base64');
  const define = { STYLES_INTEGRITY: JSON.stringify(`sha384-${hash}`) };
  await build('assetFileNames', 'src/main.ts', define, { format: 'iife', entryFileNames: 'vedette.js' });
}
