// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.Link;
import dev.trishake.transport.linux.EpollCalls;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.FileCalls;
import dev.trishake.transport.linux.Libc;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * One queue of a TUN device: IP packets from and to the kernel of this machine, one a system call.
 *
 * <pre>
 *  kernel ── route to the device's subnet ──► queue ── read(2) ──► packet buffer ──► ingress ring
 *  kernel ◄── as if it had come from a network ───── write(2) ◄── memory of the egress ring
 * </pre>
 *
 * <p>A packet's length is known only once it is read, and a claim in Agrona's ring can't be made shorter afterwards:
 * read into the ring, every SYN of 60 bytes would take the room of an MTU. So it is read into a buffer of the
 * link, and copied (some 10 ns of about 1 us); it also waits there while the ring is full. What is sent is written from
 * the ring itself, whose memory must be direct.
 *
 * <p>The device has no offloads: packets from the kernel have whole checksums and are no longer than the MTU. EAGAIN
 * ends a batch; every other error is counted, and ends the batch of a read or costs the packet of a write.
 */
public final class TunLink implements Link
{
    /** No packet of a device is longer: its MTU is at most 65,535. A read that fills it may have been cut off. */
    private static final int BUFFER_LENGTH = 1 << 16;

    private static final int CLOSED = -1;

    private final Libc libc;
    private final EpollCalls epoll;
    private final FileCalls files;
    private final String name;
    private final UnsafeBuffer packet = new UnsafeBuffer(BufferUtil.allocateDirectAligned(BUFFER_LENGTH, Long.BYTES));
    private final MemorySegment event = Arena.ofAuto().allocate(EpollCalls.EVENT_LENGTH, Long.BYTES);
    private final ControlledMessageHandler sender = this::send;
    private final int epollFd;
    private int fd;
    /** Length of the packet in the buffer that has not gone on, 0 when there is none. */
    private int length;
    private long received;
    private long sent;
    private long oversized;
    private long foreign;
    private long readErrors;
    private long writeErrors;
    private int lastErrno;

    private TunLink(
        final Libc libc,
        final EpollCalls epoll,
        final FileCalls files,
        final String name,
        final int fd,
        final int epollFd)
    {
        this.libc = libc;
        this.epoll = epoll;
        this.files = files;
        this.name = name;
        this.fd = fd;
        this.epollFd = epollFd;
    }

    /**
     * {@return a link to a TUN device of one queue}. One that there is not is made, and goes with the link.
     *
     * @param name of the interface, up to 15 letters
     * @throws DeviceException               when that can't be
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public static TunLink open(final String name)
    {
        return open(name, false);
    }

    /**
     * {@return links to the queues of one TUN device, each for an agent of its own}. The kernel sends what it has sent
     * for a flow where that flow's packets were last written, and spreads new flows over the queues.
     *
     * @param name   of the interface, up to 15 letters
     * @param queues how many, at least 1; the kernel allows 256
     * @throws DeviceException               when that can't be
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public static TunLink[] openQueues(final String name, final int queues)
    {
        final TunLink[] links = new TunLink[queues];
        for (int i = 0; i < queues; i++)
        {
            try
            {
                links[i] = open(name, true);
            }
            catch (final DeviceException ex)
            {
                for (int opened = 0; opened < i; opened++)
                {
                    links[opened].close();
                }
                throw ex;
            }
        }
        return links;
    }

    private static TunLink open(final String name, final boolean multiQueue)
    {
        final Libc libc = new Libc();
        final EpollCalls epoll = new EpollCalls();
        final FileCalls files = new FileCalls();
        final int fd = TunDevice.open(libc, files, name, multiQueue);
        final int epollFd = epoll.epollCreate1(EpollCalls.EPOLL_CLOEXEC);
        final TunLink link = new TunLink(libc, epoll, files, name, fd, epollFd);
        link.event.set(JAVA_INT, 0, EpollCalls.EPOLLIN);
        final int added = epollFd < 0 ? epollFd :
            epoll.epollCtl(epollFd, EpollCalls.EPOLL_CTL_ADD, fd, link.event.address());
        if (added < 0)
        {
            link.close();
            throw TunDevice.openFailure(name, -added);
        }
        return link;
    }

    /**
     * {@return the name of the interface}
     */
    public String name()
    {
        return name;
    }

    @Override
    public int linkType()
    {
        return LINKTYPE_RAW;
    }

    @Override
    public int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
    {
        int handled = 0;
        while (handled < limit && (length > 0 || receive()))
        {
            if (length > ingress.maxMsgLength() || length == BUFFER_LENGTH)
            {
                oversized++;
            }
            else if (ingress.write(PACKET, packet, 0, length))
            {
                received++;
            }
            else
            {
                break;
            }
            length = 0;
            handled++;
        }
        return handled;
    }

    @Override
    public int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
    {
        if (fd == CLOSED)
        {
            return 0;
        }
        // one read ends where the ring wraps
        final int beforeWrap = egress.controlledRead(sender, limit);
        return beforeWrap == limit ? limit : beforeWrap + egress.controlledRead(sender, limit - beforeWrap);
    }

    /**
     * Waits until there is a packet to poll, for tools that have nothing else to do. May end early.
     *
     * @param timeoutMs milliseconds; 0 does not wait, -1 waits for ever
     * @return whether there is something to poll
     */
    public boolean await(final int timeoutMs)
    {
        return length > 0 || (fd != CLOSED && epoll.epollWait(epollFd, event.address(), 1, timeoutMs) > 0);
    }

    @Override
    public void close()
    {
        if (fd != CLOSED)
        {
            if (epollFd >= 0)
            {
                libc.close(epollFd);
            }
            libc.close(fd);
            fd = CLOSED;
            length = 0;
        }
    }

    /**
     * {@return packets that have gone to an ingress ring}
     */
    public long received()
    {
        return received;
    }

    /**
     * {@return packets that the kernel has taken}
     */
    public long sent()
    {
        return sent;
    }

    /**
     * {@return packets dropped because an ingress ring takes none of that length}
     */
    public long oversized()
    {
        return oversized;
    }

    /**
     * {@return records of an egress ring that are no packets, dropped}
     */
    public long foreign()
    {
        return foreign;
    }

    /**
     * {@return reads that failed}
     */
    public long readErrors()
    {
        return readErrors;
    }

    /**
     * {@return writes that failed, each a packet dropped}: EINVAL for what is no IP packet, EIO while the interface is
     * down
     */
    public long writeErrors()
    {
        return writeErrors;
    }

    /**
     * {@return the error number of the last read or write that failed, 0 when none has}
     */
    public int lastErrno()
    {
        return lastErrno;
    }

    /**
     * {@return whether somebody has deleted the device}: nothing will come any more
     */
    @Override
    public boolean isGone()
    {
        return lastErrno == Errno.EBADFD;
    }

    @Override
    public void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkReceived", received);
        visitor.onCounter("LinkSent", sent);
        visitor.onCounter("LinkOversized", oversized);
        visitor.onCounter("LinkForeign", foreign);
        visitor.onCounter("LinkReadErrors", readErrors);
        visitor.onCounter("LinkWriteErrors", writeErrors);
    }

    private boolean receive()
    {
        if (fd == CLOSED)
        {
            return false;
        }
        final long result = files.read(fd, packet.addressOffset(), BUFFER_LENGTH);
        if (result < 0 && result != -Errno.EAGAIN)
        {
            readErrors++;
            lastErrno = (int)-result;
        }
        length = (int)Math.max(0, result);
        return length > 0;
    }

    private ControlledMessageHandler.Action send(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        assert buffer.byteArray() == null : "the memory of an egress ring must be direct";
        if (msgTypeId != PACKET)
        {
            foreign++;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        final long result = files.write(fd, buffer.addressOffset() + index, length);
        if (result == -Errno.EAGAIN)
        {
            return ControlledMessageHandler.Action.ABORT;
        }
        if (result < 0)
        {
            writeErrors++;
            lastErrno = (int)-result;
        }
        else
        {
            sent++;
        }
        return ControlledMessageHandler.Action.CONTINUE;
    }
}
