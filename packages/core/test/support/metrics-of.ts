/** Each metric of some messages as it is written: of a bundle each part, and each line with tags. */
export function metricsOf(messages: readonly string[]): string[] {
  const lines = messages.flatMap((message) => message.split('\n'));
  return lines.flatMap((line) => (line.includes('|#') ? [line] : line.split('::')));
}
