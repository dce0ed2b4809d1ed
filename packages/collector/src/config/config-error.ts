/** The configuration can't be used. The message says which option, where it was given, and what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
