import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ShutdownSignalBarrier;

import java.net.InetSocketAddress;

public final class EchoServer implements SessionHandler
{
    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        return session.send(buffer, offset, length);    // what is not taken is offered again when there is room
    }

    public static void main(final String[] args)
    {
        final EngineConfig config = new EngineConfig()
            .agents(2)
            .link(Links.kernel(10_000))
            .listen(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));

        try (ShutdownSignalBarrier stop = new ShutdownSignalBarrier();
            Engine engine = Engine.launch(config, new EchoServer()))
        {
            System.out.println("listening on " + engine.localAddress(0));
            stop.await();
        }
    }
}
