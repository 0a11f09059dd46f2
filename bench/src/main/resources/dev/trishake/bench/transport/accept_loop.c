// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

// The C peer of TcpAcceptBenchmark: an epoll loop that accepts and closes.
//
//   accept_loop BACKLOG CPU      prints its port on 127.0.0.1 and a line feed, then, until standard input ends:
//   4 bytes in:  how many connections to take, native order
//   8 bytes out: CPU time of this thread since its start in nanoseconds, once they are taken

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_EVENTS 64

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int listen_on_loopback(int backlog)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
    {
        fail("socket");
    }
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, length) < 0 || listen(fd, backlog) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) < 0)
    {
        fail("listen");
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void serve(int epoll_fd, int wanted)
{
    struct epoll_event events[MAX_EVENTS];
    int taken = 0;
    while (taken < wanted)
    {
        int ready = epoll_wait(epoll_fd, events, MAX_EVENTS, -1);
        for (int i = 0; i < ready; i++)
        {
            for (;;)
            {
                int fd = accept4(events[i].data.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (fd >= 0)
                {
                    close(fd);
                    taken++;
                }
                else if (errno == EAGAIN)
                {
                    break;
                }
                else if (errno != EINTR && errno != ECONNABORTED)
                {
                    fail("accept4");
                }
            }
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
    {
        fprintf(stderr, "usage: accept_loop BACKLOG CPU\n");
        return 2;
    }
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(atoi(argv[2]), &cpus);
    sched_setaffinity(0, sizeof cpus, &cpus);

    int listen_fd = listen_on_loopback(atoi(argv[1]));
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listen_fd};
    if (epoll_fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listen_fd, &event) < 0)
    {
        fail("epoll");
    }

    int32_t wanted;
    while (read(STDIN_FILENO, &wanted, sizeof wanted) == sizeof wanted)
    {
        serve(epoll_fd, wanted);
        struct timespec time;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        int64_t cpu_ns = time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
        if (write(STDOUT_FILENO, &cpu_ns, sizeof cpu_ns) != sizeof cpu_ns)
        {
            return 1;
        }
    }
    return 0;
}
