import { execFileSync } from 'node:child_process';

/**
 * Where the project is on the web. It stands in one place, the remote `origin` of the clone that publishes, because what is
 * published must lead to the sources that it was made of (https://docs.npmjs.com/generating-provenance-statements).
 *
 * @param remote - its URL, as `git remote get-url` gives it: `https://…`, `git@host:owner/name.git` or `ssh://…`.
 * @param commit - which the links of READMEs lead to, so that they show the documentation of that version for ever.
 */
export function homeOf(remote, commit) {
  const scp = /^[\w.-]+@(?<host>[\w.-]+):(?<path>[^/].*)$/.exec(remote)?.groups;
  const { protocol, hostname, host, pathname } = new URL(scp ? `ssh://${scp.host}/${scp.path}` : remote);
  if (!['https:', 'http:', 'ssh:', 'git:', 'git+ssh:', 'git+https:'].includes(protocol) || host === '') {
    throw new Error(`the remote origin is no repository on the web: ${remote}`);
  }
  const web = `https://${protocol.includes('http') ? host : hostname}${pathname.replace(/\/$/, '').replace(/\.git$/, '')}`;
  return {
    web,
    /** The fields of the manifest of the package in `directory`. */
    fieldsFor: (directory) => ({
      homepage: `${web}/tree/${commit}/${directory}#readme`,
      repository: { type: 'git', url: `git+${web}.git`, directory },
      bugs: { url: `${web}/issues` },
    }),
    /** @param path - of a file or folder in the repository; @param what - `raw` for the bytes of a picture. */
    urlOf: (path, what = 'blob') => `${web}/${what}/${commit}/${path}`,
  };
}

/** The home of this clone. Throws if it has no remote `origin`. */
export function homeOfClone(root) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  return homeOf(git('remote', 'get-url', 'origin'), git('rev-parse', 'HEAD'));
}
