import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** A certificate of `localhost` and 127.0.0.1 that signs itself, for tests only. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUX+R3YARfmQtAID2WCg4QZlDAKJYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzE1NDE0NVoYDzIxMjYxMTAz
MTU0MTQ1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASdVGum8VV36OY+86CG+d8KyUj0vXP1sy6GI96l00Qy0nGRrMGOUfkh
kYJDVKjwJRr21+u+H2ujAOheGukuwvCIo28wbTAdBgNVHQ4EFgQUtiQHmysRbJLO
BlovzGFzLzsWpJwwHwYDVR0jBBgwFoAUtiQHmysRbJLOBlovzGFzLzsWpJwwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAJzS6j2t/WdSb2ETT8FCvRmQ/T7ei0J3OtnCxGgflqH9AiBk
TSJmG8sR6MP5zs0/5jfTu30YtvuhYRg2OGhNmzdiDw==
-----END CERTIFICATE-----
`;

export const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgljlrCdiW2g6kcAJx
pfb1ywNIuBnvZOkyr7X/rMPTARqhRANCAASdVGum8VV36OY+86CG+d8KyUj0vXP1
sy6GI96l00Qy0nGRrMGOUfkhkYJDVKjwJRr21+u+H2ujAOheGukuwvCI
-----END PRIVATE KEY-----
`;

/** Writes the certificate to a file, for programs that are to trust it. */
export function certificateFile(folder: string): string {
  const file = path.join(folder, 'cert.pem');
  writeFileSync(file, CERTIFICATE);
  return file;
}
