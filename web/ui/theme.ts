import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const lagoon: MantineColorsTuple = [
  '#eaf6f5',
  '#d3ebe9',
  '#a9d8d5',
  '#7cc4c0',
  '#58b2ae',
  '#3f9a98',
  '#2b807f',
  '#1b6768',
  '#125557',
  '#0d4446',
]

const danger: MantineColorsTuple = [
  '#fdecea',
  '#f9d3d0',
  '#f3aca7',
  '#ff9c94',
  '#e2685f',
  '#d4473f',
  '#c5302b',
  '#b42823',
  '#a3201c',
  '#821512',
]

const ink: MantineColorsTuple = [
  '#dfe5e6',
  '#bcc7c9',
  '#a3b0b3',
  '#7f8f93',
  '#5d6d72',
  '#3d4b50',
  '#2c383c',
  '#202a2d',
  '#171f22',
  '#0f1517',
]

/**
 * Mantine with colours that hold 4.5:1 in light and dark on every ground we use. Its own defaults do not: the red
 * of errors, the placeholder and the dimmed text are redefined in `colours` below.
 */
export const theme = createTheme({
  colors: { lagoon, danger, dark: ink },
  primaryColor: 'lagoon',
  // White stands on both shades with at least 4.5:1.
  primaryShade: { light: 8, dark: 6 },
  black: '#172023',
  fontFamily: "'Source Sans 3 Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.8125rem', sm: '0.9375rem', md: '1.0625rem', lg: '1.1875rem', xl: '1.375rem' },
  headings: { fontFamily: "'Source Serif 4 Variable', Georgia, serif", fontWeight: '600' },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '10px', lg: '14px', xl: '20px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    Checkbox: { defaultProps: { size: 'md' } },
    Radio: { defaultProps: { size: 'md' } },
    Select: { defaultProps: { size: 'md' } },
  },
})

export const colours: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#172023',
    '--mantine-color-dimmed': '#515f63',
    '--mantine-color-placeholder': '#5f6c70',
    '--mantine-color-error': '#a3201c',
    '--mantine-color-anchor': '#125557',
    '--mantine-color-default-border': '#87949a',
  },
  dark: {
    '--mantine-color-body': '#171f22',
    '--mantine-color-text': '#e6ebec',
    '--mantine-color-dimmed': '#a9b6b9',
    '--mantine-color-placeholder': '#a3b0b3',
    '--mantine-color-error': '#ff9c94',
    '--mantine-color-anchor': '#8fd2ce',
    '--mantine-color-default-border': '#728388',
    '--mantine-color-default': '#202a2d',
    '--mantine-color-default-hover': '#2c383c',
  },
})
