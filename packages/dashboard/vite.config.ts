import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const HUB = 'http://127.0.0.1:8460';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // light-dark() and color-mix() are used as they are.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The page's content security policy allows no data: and no inline anything.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': HUB, '/start': HUB },
  },
});
