import { words as staffEnglish } from '../ui/staff-words.en.ts'
import { words as staffItalian } from '../ui/staff-words.it.ts'
import { startRoom } from '../ui/start.tsx'
import { words as english } from '../ui/words.en.ts'
import { words as italian } from '../ui/words.it.ts'
import './office.css'
import './fields.css'
import './imports.css'
import { newRouter } from './pages.tsx'
import { words as officeEnglish } from './words.en.ts'
import { words as officeItalian } from './words.it.ts'

startRoom(
  {
    en: { ...english, ...staffEnglish, ...officeEnglish },
    it: { ...italian, ...staffItalian, ...officeItalian },
  },
  newRouter,
)
