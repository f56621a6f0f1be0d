/*
 * Preloaded into a program: while the file TIDEWAITER_DISK exists, whatever would change a file under the folder
 * TIDEWAITER_DISK_OF fails with the error number that stands in it (ENOSPC, EROFS, EIO).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_under(const char *path) {
  const char *folder = getenv("TIDEWAITER_DISK_OF");
  return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

/* The error that stands in the file, 0 when there is none. */
static int error_now(void) {
  const char *file = getenv("TIDEWAITER_DISK");
  char text[16] = "";
  if (file == NULL) return 0;
  int fd = syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  if (syscall(SYS_read, fd, text, sizeof text - 1) < 0) text[0] = 0;
  syscall(SYS_close, fd);
  return atoi(text);
}

static int fails_at(int fd) {
  char link[64], path[PATH_MAX];
  int error = error_now();
  if (error == 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  if (!is_under(path)) return 0;
  errno = error;
  return 1;
}

static int fails(const char *path) {
  int error = error_now();
  if (error == 0 || !is_under(path)) return 0;
  errno = error;
  return 1;
}

#define PASS(type, name, types, values, when) \
  type name types { \
    static type(*real) types; \
    if (real == NULL) real = (type(*) types)dlsym(RTLD_NEXT, #name); \
    if (when) return -1; \
    return real values; \
  }

PASS(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), fails_at(fd))
PASS(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), fails_at(fd))
PASS(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), fails_at(fd))
PASS(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), fails_at(fd))
PASS(ssize_t, pwritev, (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at), fails_at(fd))
PASS(ssize_t, pwritev64, (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at), fails_at(fd))
PASS(int, ftruncate, (int fd, off_t size), (fd, size), fails_at(fd))
PASS(int, ftruncate64, (int fd, off64_t size), (fd, size), fails_at(fd))
PASS(int, rename, (const char *from, const char *to), (from, to), fails(from))
PASS(int, unlink, (const char *path), (path), fails(path))

#define OPENING(name) \
  int name(const char *path, int flags, ...) { \
    mode_t mode = 0; \
    if (flags & O_CREAT) { \
      va_list rest; \
      va_start(rest, flags); \
      mode = va_arg(rest, mode_t); \
      va_end(rest); \
    } \
    if ((flags & O_CREAT) && access(path, F_OK) != 0 && fails(path)) return -1; \
    return syscall(SYS_openat, AT_FDCWD, path, flags, mode); \
  }
OPENING(open)
OPENING(open64)
