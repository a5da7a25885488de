import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const HUB = 'http://127.0.0.1:8460';

/** Has the page fetch the steps of start.ts at once, which would otherwise be fetched one after the other. */
const preloadSteps: Plugin = {
  name: 'preload-steps',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {}, chunk }) {
      const files = new Set<string>();
      const add = (file: string) => {
        const output = bundle[file];
        if (files.has(file) || output?.type !== 'chunk') return;
        files.add(file);
        for (const other of output.imports) add(other);
      };
      for (const step of chunk?.dynamicImports ?? []) add(step);
      for (const file of chunk?.imports ?? []) files.delete(file);
      const attrs = { rel: 'modulepreload', crossorigin: true };
      return [...files].map((file) => ({
        tag: 'link',
        attrs: { ...attrs, href: `/${file}` },
        injectTo: 'head' as const,
      }));
    },
  },
};

export default defineConfig({
  plugins: [react(), preloadSteps],
  build: {
    target: 'es2023',
    // light-dark() and color-mix() are used as they are.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The page's content security policy allows no data: and no inline anything.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // For first-load.mjs.
    manifest: true,
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': HUB, '/start': HUB, '/healthz': HUB },
  },
});
