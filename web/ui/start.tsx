import '@fontsource-variable/source-sans-3/wght.css'
import '@fontsource-variable/source-serif-4/wght.css'
import '@mantine/core/styles.css'
import './room.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type AnyRouter, RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { Problem } from './api.ts'
import { type Language, startLanguages } from './languages.ts'
import { tell } from './notice.tsx'
import { endSession } from './session.ts'
import { colours, theme } from './theme.ts'

/** Puts a room on the page: its languages, its look, its questions to the server and its pages. */
export function startRoom(
  words: Record<Language, object>,
  newRouter: (questions: QueryClient) => AnyRouter,
): void {
  const languages = startLanguages(words)
  const questions = newQuestions(() => tell(languages.t('sessionEnded')))
  const router = newRouter(questions)
  const looks = localStorageColorSchemeManager({ key: 'custode-look' })
  const ground = document.getElementById('room')
  if (ground === null) throw new Error('the page has no room')
  createRoot(ground).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={colours}
        defaultColorScheme="auto"
        colorSchemeManager={looks}
      >
        <I18nextProvider i18n={languages}>
          <QueryClientProvider client={questions}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </I18nextProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

/** Problems that may pass by themselves. */
const worthwhile = ['unreachable', 'unavailable']

/**
 * Nothing personal outlives its page for long: answers are dropped a minute after the last page that shows them.
 * When the server no longer knows the session, whatever was shown is asked for again, which leads to signing in.
 */
function newQuestions(onSessionEnded: () => void): QueryClient {
  const onError = (error: Error) => {
    if (!(error instanceof Problem)) return
    if (error.code === 'unauthenticated') void endSession(questions, onSessionEnded)
    if (error.code === 'not_open') void questions.invalidateQueries({ queryKey: ['company'] })
  }
  const questions = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        gcTime: 60_000,
        staleTime: 5_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && error instanceof Problem && worthwhile.includes(error.code),
      },
    },
  })
  return questions
}
