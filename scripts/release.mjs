// Publishes each package whose version isn't on npm yet, in the order of their dependencies:
//   node scripts/release.mjs             shows what would be published, and leaves it in `.release`
//   node scripts/release.mjs --publish   publishes it
// It publishes what was built, so `npm test` comes first. In a CI whose identity npm takes (GitHub Actions, GitLab), a provenance
// statement goes with it.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { homeOfClone } from './release/home.mjs';
import { publishedPackages, stage } from './release/stage.mjs';

const flags = process.argv.slice(2);
if (flags.some((flag) => flag !== '--publish')) {
  console.error(
    `there is no ${flags.find((flag) => flag !== '--publish')}: node scripts/release.mjs [--publish]`,
  );
  process.exit(2);
}
const isReal = flags.includes('--publish');
const root = join(import.meta.dirname, '..');
const into = join(root, '.release');

/** What a README says as long as the packages aren't on npm. */
const BEFORE_PUBLICATION = "isn't on npm yet";

/** Why this clone must not publish. */
function reasonsAgainst() {
  const reasons = [];
  const changed = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  if (changed !== '') reasons.push(`what is published has to be committed:\n${changed}`);
  if (readFileSync(join(root, 'README.md'), 'utf8').includes(BEFORE_PUBLICATION)) {
    reasons.push(`README.md says that a version ${BEFORE_PUBLICATION}: take that paragraph out`);
  }
  return reasons;
}

function isPublished({ name, version }) {
  const { status, stdout } = spawnSync('npm', ['view', `${name}@${version}`, 'version'], {
    encoding: 'utf8',
  });
  return status === 0 && stdout.trim() === version;
}

const hasIdentity = Boolean(process.env.ACTIONS_ID_TOKEN_REQUEST_URL ?? process.env.SIGSTORE_ID_TOKEN);

function publish(folder) {
  const args = ['publish', '--access', 'public'];
  if (hasIdentity) args.push('--provenance');
  if (!isReal) args.push('--dry-run');
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' });
  return status === 0;
}

const reasons = reasonsAgainst();
for (const reason of reasons) console.error(`${isReal ? 'not published' : 'before --publish'}: ${reason}`);
if (isReal && reasons.length > 0) process.exit(1);
if (!hasIdentity) console.log('without provenance: this machine has no identity that npm takes');

const home = homeOfClone(root);
rmSync(into, { recursive: true, force: true });
for (const one of publishedPackages()) {
  if (isReal && isPublished(one)) {
    console.log(`${one.name}@${one.version} is on npm already`);
  } else if (!publish(stage(one.folder, { into, home }))) {
    console.error(`${one.name}@${one.version} was not published, nor what comes after it`);
    process.exit(1);
  }
}
