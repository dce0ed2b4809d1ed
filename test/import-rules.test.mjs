// The rules for imports in .oxlintrc.json: imports that they are to refuse, and imports that they are to allow, in the place of
// real files. Oxlint runs on a temporary folder with the real configuration, but for the types, which need projects.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..');
const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');

/** For each file what it may import, and what it may not. */
const RULES = {
  'packages/mqueue/src/queue.ts': {
    wrong: ['@afstatsd/core', '@afstatsd/testing'],
    right: ['./queue-name.js'],
  },
  'packages/mqueue/test/open.test.ts': { wrong: ['@afstatsd/core'], right: ['@afstatsd/testing'] },
  'packages/testing/recorded.ts': {
    wrong: ['@afstatsd/collector'],
    right: ['@afstatsd/core', '@afstatsd/mqueue'],
  },
  'packages/decorators/src/timed.ts': { wrong: ['@afstatsd/mqueue'], right: ['@afstatsd/core/instrument'] },
  'packages/decorators/test/both/names.test.ts': {
    wrong: ['@afstatsd/express'],
    right: ['@afstatsd/testing'],
  },
  'packages/express/src/template.ts': {
    wrong: ['@afstatsd/decorators', '@afstatsd/testing'],
    right: ['@afstatsd/core/http'],
  },
  'packages/fastify/src/plugin.ts': { wrong: ['@afstatsd/express'], right: ['@afstatsd/core/http'] },
  'packages/fastify/test/options.test.ts': { wrong: ['@afstatsd/collector'], right: ['@afstatsd/testing'] },

  'packages/nestjs/src/http.ts': {
    wrong: ['@afstatsd/decorators', '@afstatsd/testing'],
    right: ['@afstatsd/core/http', '@afstatsd/express', '@afstatsd/fastify'],
  },

  'packages/core/src/index.ts': { wrong: ['@afstatsd/mqueue'], right: ['./client/statsd.js'] },
  'packages/core/src/text/tags.ts': {
    wrong: ['../account/report.js', '../call/follow.js'],
    right: ['./describe.js'],
  },
  'packages/core/src/host/surroundings.ts': { wrong: ['../text/name.js'], right: ['./clock.js'] },
  'packages/core/src/retry/next-try.ts': { wrong: ['../send/flusher.js'], right: ['../host/clock.js'] },
  'packages/core/src/account/report.ts': { wrong: ['../record/registry.js'], right: ['../text/describe.js'] },
  'packages/core/src/check/options.ts': { wrong: ['../client/options.js'], right: ['../text/describe.js'] },
  'packages/core/src/metric/counter.ts': { wrong: ['../account/report.js'], right: ['../text/identity.js'] },
  'packages/core/src/call/shadow.ts': {
    wrong: ['../record/registry.js', '../transport/af.js'],
    right: ['../text/describe.js'],
  },
  'packages/core/src/request/scope.ts': {
    wrong: ['../record/registry.js', '../client/statsd.js'],
    right: ['../host/builtin.js'],
  },
  'packages/core/src/wire/number.ts': {
    wrong: ['../account/ledger.js', '../retry/backoff.js', '../send/outbox.js'],
    right: ['../metric/view.js'],
  },
  'packages/core/src/transport/null.ts': {
    wrong: ['../record/lookup.js', '../account/report.js', '../send/outbox.js'],
    right: ['../wire/pack.js', '@afstatsd/mqueue'],
  },
  'packages/core/src/record/registry.ts': {
    wrong: ['../wire/pack.js', '../transport/transport.js', '../send/outbox.js', '../client/options.js'],
    right: ['../account/ledger.js', '../wire/decoded.js'],
  },
  'packages/core/src/send/flusher.ts': {
    wrong: ['../record/registry.js', '../transport/af.js', '../client/options.js'],
    right: ['../transport/transport.js'],
  },
  'packages/core/src/runtime/gc.ts': {
    wrong: ['../client/statsd.js', '../record/recorder.js', '../index.js'],
    right: ['../text/tags.js', '../host/clock.js'],
  },
  'packages/core/src/client/pipeline.ts': {
    wrong: ['../http/index.js', '../index.js', '../instrument.js'],
    right: ['../send/flusher.js'],
  },
  'packages/core/src/catalogue/checks.ts': {
    wrong: ['../check/options.js', '../client/statsd.js', '../testing/index.js'],
    right: ['../index.js', '../instrument.js'],
  },
  'packages/core/src/testing/catalogued.ts': {
    wrong: ['../catalogue/checks.js'],
    right: ['../catalogue/index.js', '../instrument.js'],
  },
  'packages/core/src/testing/recording.ts': {
    wrong: ['../record/intake.js', '../client/shared.js', '../transport/memory.js'],
    right: ['../index.js', '../instrument.js'],
  },
  'packages/core/src/hot-shots/client.ts': {
    wrong: ['../send/outbox.js', '../index.js', '../http/index.js'],
    right: ['../client/pipeline.js', '../transport/udp.js'],
  },
  'packages/core/src/http/metrics.ts': {
    wrong: ['../record/intake.js', '../client/shared.js', '../text/name.js'],
    right: ['../index.js', '../instrument.js'],
  },

  'packages/prometheus/src/page/text-page.ts': {
    wrong: ['../record/record.js', '../scrape/scraper.js', '@afstatsd/core'],
    right: ['./family.js'],
  },
  'packages/prometheus/src/record/recording.ts': {
    wrong: ['../scrape/scraper.js', '../page/family.js', '@afstatsd/mqueue'],
    right: ['./expiry.js', '@afstatsd/core'],
  },
  'packages/prometheus/src/names/prometheus-naming.ts': {
    wrong: ['../record/record.js', '../page/family.js', '@afstatsd/collector'],
    right: ['../record/kind.js', '@afstatsd/core'],
  },
  'packages/prometheus/src/catalogue/exposed.ts': {
    wrong: ['../scrape/metrics-page.js', '../page/family.js', '../record/record.js', '@afstatsd/mqueue'],
    right: ['../names/prometheus-naming.js', '../record/kind.js', '@afstatsd/core/catalogue'],
  },
  'packages/prometheus/src/scrape/metrics-page.ts': {
    wrong: ['@afstatsd/collector', '@afstatsd/mqueue'],
    right: ['../page/pages.js', '../record/record.js', '../names/naming.js'],
  },
  'packages/prometheus/src/app/totals.ts': {
    wrong: ['../page/text-page.js', '@afstatsd/collector', '@afstatsd/mqueue'],
    right: ['../scrape/metrics-page.js', '../record/recording.js', '@afstatsd/core'],
  },
  'packages/prometheus/test/page/slices.test.ts': {
    wrong: ['@afstatsd/collector'],
    right: ['@afstatsd/testing'],
  },

  'packages/collector/src/collector.ts': { wrong: ['@afstatsd/express'], right: ['@afstatsd/core'] },
  'packages/collector/src/check/try-queue.ts': {
    wrong: ['@afstatsd/testing', '../receiver.js', '../input/queue.js', '../output/output.js'],
    right: ['@afstatsd/core', '@afstatsd/mqueue', '../config/options.js', '../input/open-queue.js'],
  },
  'packages/collector/src/config/load.ts': {
    wrong: ['../output/plan.js', '../log.js'],
    right: ['@afstatsd/mqueue'],
  },
  'packages/collector/src/input/udp.ts': {
    wrong: ['../output/output.js', '../collector.js', '@afstatsd/express'],
    right: ['../receiver.js', '@afstatsd/mqueue', '@afstatsd/core'],
  },
  'packages/collector/src/top/top.ts': {
    wrong: ['../receiver.js', '../collector.js', '../output/plan.js', '@afstatsd/core'],
    right: ['../live/api.js', '../output/console/screen.js', '../printable.js'],
  },
  'packages/collector/src/live/history.ts': {
    wrong: ['../receiver.js', '../collector.js', '../output/plan.js', '../store/plan.js'],
    right: ['../output/output.js', '@afstatsd/core/instrument'],
  },
  'packages/collector/src/lines/known-lines.ts': {
    wrong: ['../input/udp.js', '../output/output.js', '../collector.js', '@afstatsd/mqueue'],
    right: ['../receiver.js', '../completeness.js', '@afstatsd/core'],
  },
  'packages/collector/src/store/graphite.ts': {
    wrong: ['../input/udp.js', '../receiver.js', '../collector.js', '@afstatsd/mqueue'],
    right: ['../output/output.js', '../config/store-url.js', '@afstatsd/core'],
  },
  'packages/collector/src/output/client-output.ts': {
    wrong: ['../input/udp.js', '../receiver.js', '@afstatsd/mqueue'],
    right: ['../log.js', '@afstatsd/core'],
  },
  'packages/collector/src/output/console/console.ts': {
    wrong: ['../otlp/otlp.js', '../plan.js', '../../receiver.js', '../../input/udp.js', '@afstatsd/mqueue'],
    right: ['../client-output.js', '../../printable.js', './table.js', '@afstatsd/core'],
  },
};

/** What the rules refuse, as `file: import`. */
function refused(folder) {
  const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8');
  writeFileSync(join(folder, '.oxlintrc.json'), config.replace('"typeAware": true', '"typeAware": false'));
  for (const [file, { wrong, right }] of Object.entries(RULES)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), [...wrong, ...right].map((from) => `import '${from}';\n`).join(''));
  }
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--format', 'json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).to.equal('');
  return JSON.parse(stdout)
    .diagnostics.filter(({ code }) => code === 'eslint(no-restricted-imports)')
    .map(({ filename, message }) => `${filename}: ${/^'([^']+)'/.exec(message)[1]}`);
}

describe('the rules for imports', () => {
  let problems;
  before(() => {
    const folder = mkdtempSync(join(tmpdir(), 'afstatsd-import-rules-'));
    try {
      problems = refused(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const [file, { wrong, right }] of Object.entries(RULES)) {
    describe(`of ${file}`, () => {
      for (const from of wrong) it(`refuse ${from}`, () => expect(problems).to.include(`${file}: ${from}`));
      for (const from of right)
        it(`allow ${from}`, () => expect(problems).not.to.include(`${file}: ${from}`));
    });
  }

  it('are tried on files that there are', () => {
    for (const [file, { wrong, right }] of Object.entries(RULES)) {
      expect(existsSync(join(root, file)), file).to.be.true;
      for (const from of [...wrong, ...right].filter((one) => one.startsWith('.'))) {
        const imported = join(dirname(file), from.replace(/\.js$/, '.ts'));
        expect(existsSync(join(root, imported)), imported).to.be.true;
      }
    }
  });

  it('are tried for every room of core, of prometheus and of the collector', () => {
    for (const source of ['packages/core/src', 'packages/prometheus/src', 'packages/collector/src']) {
      const entries = readdirSync(join(root, source), { withFileTypes: true });
      for (const { name } of entries.filter((entry) => entry.isDirectory())) {
        const tried = Object.keys(RULES).filter((file) => file.startsWith(`${source}/${name}/`));
        expect(tried, `${source}/${name}`).not.to.be.empty;
      }
    }
  });
});
