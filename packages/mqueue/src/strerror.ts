/** The texts of strerror(3) for the errors of the `mq_*` calls: glibc's, and musl's where they differ. */
const codes: Readonly<Record<string, string>> = {
  'Bad file descriptor': 'EBADF',
  'Cannot allocate memory': 'ENOMEM',
  'File exists': 'EEXIST',
  'File name too long': 'ENAMETOOLONG',
  'Filename too long': 'ENAMETOOLONG',
  'Function not implemented': 'ENOSYS',
  'Interrupted system call': 'EINTR',
  'Invalid argument': 'EINVAL',
  'Message too large': 'EMSGSIZE',
  'Message too long': 'EMSGSIZE',
  'No file descriptors available': 'EMFILE',
  'No such file or directory': 'ENOENT',
  'No space left on device': 'ENOSPC',
  'Operation not permitted': 'EPERM',
  'Out of memory': 'ENOMEM',
  'Permission denied': 'EACCES',
  'Too many open files': 'EMFILE',
  'Too many open files in system': 'ENFILE',
};

export function errorCodeOf(text: string): string | undefined {
  return codes[text];
}
