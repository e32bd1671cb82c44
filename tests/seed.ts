import fc from 'fast-check'

// What CI tests is the same each time; `node scripts/long.mjs properties` looks for what nobody has seen.
if (process.env.CI) fc.configureGlobal({ seed: 1_618_033 })
