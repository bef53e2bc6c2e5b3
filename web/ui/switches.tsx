import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** The two languages, each named in itself; the chosen one is marked, not only coloured. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  return (
    <fieldset className="languages">
      <legend className="hidden">{t('language')}</legend>
      {(['it', 'en'] as const).map(language => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.language === language}
          title={t(`languages.${language}`)}
          onClick={() => void i18n.changeLanguage(language)}
        >
          <span aria-hidden="true">{language.toUpperCase()}</span>
          <span className="hidden">{t(`languages.${language}`)}</span>
        </button>
      ))}
    </fieldset>
  )
}

/** Light, dark, or what the device says. */
export function LookSwitch() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <select
      className="look"
      aria-label={t('look.label')}
      value={colorScheme}
      onChange={event => setColorScheme(event.currentTarget.value as MantineColorScheme)}
    >
      {(['auto', 'light', 'dark'] as const).map(look => (
        <option key={look} value={look}>
          {t(`look.${look}`)}
        </option>
      ))}
    </select>
  )
}
