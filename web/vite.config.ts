import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { thirdParty } from '../scripts/third-party.ts'

// Whoever builds it, the tests of the package too: else it would be the one for development, twice as large.
process.env.NODE_ENV = 'production'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), thirdParty('third-party.md', ['tailwindcss'])],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // An inlined polyfill would be a script inside the page, which its policy forbids.
    modulePreload: { polyfill: false },
    // A data: address is no file that the server could give a type and an age.
    assetsInlineLimit: 0,
  },
})
