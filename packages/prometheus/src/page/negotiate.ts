/** The formats of a page. */
export type PageFormat = 'text' | 'openmetrics' | 'protobuf';

/** The content type of each format. */
export const CONTENT_TYPES: Readonly<Record<PageFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
};

/** The characters of a header that are read. The number is bounded, so that a long header takes no long time. */
const MAX_HEADER_LENGTH = 1_000;

/**
 * The format that a request asks for. It is text if the request asks for no format that is known here.
 *
 * @param accept - the header.
 */
export function formatFor(accept: string | undefined): PageFormat {
  let [best, bestQuality]: [PageFormat, number] = ['text', 0];
  for (const { name, parameters, quality } of entriesOf(accept)) {
    const format = formatOf(name, parameters);
    // The first of several formats with the same quality wins.
    if (format !== undefined && quality > bestQuality) [best, bestQuality] = [format, quality];
  }
  return best;
}

/**
 * Whether a request takes gzip.
 *
 * @param acceptEncoding - the header.
 */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  let any = 0;
  for (const { name, quality } of entriesOf(acceptEncoding)) {
    if (name === 'gzip' || name === 'x-gzip') return quality > 0;
    if (name === '*') any = quality;
  }
  return any > 0;
}

interface Entry {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

function formatOf(name: string, parameters: ReadonlyMap<string, string>): PageFormat | undefined {
  switch (name) {
    case 'application/vnd.google.protobuf': {
      const isFamily = parameters.get('proto') === 'io.prometheus.client.MetricFamily';
      return isFamily && parameters.get('encoding') === 'delimited' ? 'protobuf' : undefined;
    }
    case 'application/openmetrics-text':
      return /^(?:0\.0\.1|1\.0\.0)$/.test(parameters.get('version') ?? '1.0.0') ? 'openmetrics' : undefined;
    case 'text/plain':
    case 'text/*':
    case '*/*':
      return 'text';
    default:
      return undefined;
  }
}

function entriesOf(header = ''): Entry[] {
  return header
    .slice(0, MAX_HEADER_LENGTH)
    .split(',')
    .map((entry) => {
      const [name = '', ...rest] = entry.split(';').map((part) => part.trim());
      const parameters = new Map<string, string>();
      for (const one of rest) {
        const [key = '', value = ''] = one.split('=', 2);
        parameters.set(key.trim().toLowerCase(), value.trim().replaceAll('"', ''));
      }
      const quality = Number(parameters.get('q') ?? 1);
      return { name: name.toLowerCase(), parameters, quality: quality >= 0 ? quality : 0 };
    });
}
