/* Makes every fsync and fdatasync of a process take 10 ms longer, as on a slow disk. Loaded with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void wait_10_ms(void) {
  struct timespec ten = {0, 10 * 1000 * 1000};
  nanosleep(&ten, 0);
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  wait_10_ms();
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  wait_10_ms();
  return real(fd);
}
