import { startRoom } from '../ui/start.tsx'
import { words as english } from '../ui/words.en.ts'
import { words as italian } from '../ui/words.it.ts'
import './portal.css'
import { newRouter } from './pages.tsx'
import { words as portalEnglish } from './words.en.ts'
import { words as portalItalian } from './words.it.ts'

startRoom({ en: { ...english, ...portalEnglish }, it: { ...italian, ...portalItalian } }, newRouter)
