import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Refused } from './api/client.ts'
import { App } from './app.tsx'
import { Boundary } from './ui/boundary.tsx'
import { Button } from './ui/button.tsx'
import { Empty } from './ui/empty.tsx'
import './styles/base.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The page says itself that it is offline; to wait in silence would hide it.
      networkMode: 'always',
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof Refused && error.status >= 400 && error.status < 500),
    },
    mutations: { networkMode: 'always' },
  },
})

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no #root')

createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <Boundary
          fallback={(error) => (
            <Empty
              title="The page has stopped"
              action={<Button onClick={() => location.reload()}>Load it again</Button>}
            >
              {String(error)}
            </Empty>
          )}
        >
          <App />
        </Boundary>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
)
