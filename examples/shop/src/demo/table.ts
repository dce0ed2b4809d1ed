/** Rows of text as aligned columns, two spaces apart. Columns after the first `left` are aligned to the right. */
export function table(rows: readonly (readonly string[])[], left: number = 1): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, at) => (at < left ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
}

export function integer(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Thousandths of a ms, as ms. */
export function milliseconds(micros: number): string {
  return (micros / 1000).toFixed(3);
}
