import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // An inlined polyfill would be a script inside the page, which its policy forbids.
    modulePreload: { polyfill: false },
    // A data: address is no file that the server could give a type and an age.
    assetsInlineLimit: 0,
  },
})
