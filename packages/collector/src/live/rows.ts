/** The number of rows that are allocated together. An array for each row would take twice the memory. */
const ROWS_PER_CHUNK = 32;

/** The form in which values are kept in the cells of an array. */
export interface Cells<A extends Float32Array | Uint16Array> {
  readonly allocate: (length: number) => A;
  readonly encode: (value: number) => number;
  readonly decode: (cell: number) => number;
}

/** Numbers of single precision: 4 bytes and seven digits each. */
export const SINGLES: Cells<Float32Array> = {
  allocate: (length) => new Float32Array(length),
  encode: (value) => value,
  decode: (cell) => cell,
};

/** The latest values of many series. Each series has a row, whose cells are used in turn. A step without a value has NaN. */
export class Rows<A extends Float32Array | Uint16Array = Float32Array | Uint16Array> {
  readonly #points: number;
  readonly #cells: Cells<A>;
  readonly #chunks: A[] = [];
  /** The numbers of rows that were given back. */
  readonly #free: number[] = [];
  #used = 0;

  constructor(points: number, cells: Cells<A>) {
    this.#points = points;
    this.#cells = cells;
  }

  /** Takes an empty row, and returns its number. */
  take(): number {
    const row = this.#free.pop() ?? this.#used++;
    if (Math.floor(row / ROWS_PER_CHUNK) === this.#chunks.length)
      this.#chunks.push(this.#cells.allocate(ROWS_PER_CHUNK * this.#points));
    const start = this.#startOf(row);
    this.#chunkOf(row).fill(this.#cells.encode(NaN), start, start + this.#points);
    return row;
  }

  /** Gives a row back. */
  give(row: number): void {
    this.#free.push(row);
  }

  get(row: number, step: number): number {
    if (step < 0) return NaN;
    return this.#cells.decode(this.#chunkOf(row)[this.#startOf(row) + (step % this.#points)]!);
  }

  set(row: number, step: number, value: number): void {
    this.#chunkOf(row)[this.#startOf(row) + (step % this.#points)] = this.#cells.encode(value);
  }

  /** Copies all steps of one row to another. */
  copy(from: number, to: number): void {
    const start = this.#startOf(from);
    this.#chunkOf(to).set(this.#chunkOf(from).subarray(start, start + this.#points), this.#startOf(to));
  }

  #chunkOf(row: number): A {
    return this.#chunks[Math.floor(row / ROWS_PER_CHUNK)]!;
  }

  #startOf(row: number): number {
    return (row % ROWS_PER_CHUNK) * this.#points;
  }
}
