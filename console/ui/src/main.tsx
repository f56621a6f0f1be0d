import './ui/css/index.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { live } from './api/live.ts'
import { queryClient, whenSignedOut } from './api/query-client.ts'
import { forgetSession } from './api/session.ts'
import { links } from './links.ts'
import { fetchPagesLater, router } from './routes.tsx'
import { showPreferences } from './ui/preferences.ts'

showPreferences()
fetchPagesLater()

// The session ended while a page was open: sign in, then come back to it.
whenSignedOut(() => {
  if (!forgetSession()) return
  live.stop()
  router.history.push(links.login(router.state.location.href))
})

const place = document.getElementById('root')
if (place === null) throw new Error('index.html has no #root')

createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
