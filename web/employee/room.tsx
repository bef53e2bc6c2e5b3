import { words as staffEnglish } from '../ui/staff-words.en.ts'
import { words as staffItalian } from '../ui/staff-words.it.ts'
import { startRoom } from '../ui/start.tsx'
import { words as english } from '../ui/words.en.ts'
import { words as italian } from '../ui/words.it.ts'
import './work.css'
import './find.css'
import { newRouter } from './pages.tsx'
import { words as workEnglish } from './words.en.ts'
import { words as workItalian } from './words.it.ts'

startRoom(
  {
    en: { ...english, ...staffEnglish, ...workEnglish },
    it: { ...italian, ...staffItalian, ...workItalian },
  },
  newRouter,
)
