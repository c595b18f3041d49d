using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;

namespace Backup.Exchange.Simulator.Line;

/// <summary>Listens for members on the router and gateway ports of both segments.</summary>
public sealed class LineServer : IAsyncDisposable
{
    private readonly ILineFloor _floor;
    private readonly List<Socket> _listeners = [];
    private readonly List<Task> _accepting = [];
    private readonly HashSet<Task> _serving = [];
    private readonly CancellationTokenSource _stopping = new();

    private readonly X509Certificate2? _certificate;
    private readonly IPAddress _address;

    private LineServer(ILineFloor floor, IPAddress address, X509Certificate2? certificate) =>
        (_floor, _address, _certificate) = (floor, address, certificate);

    public int RouterCm { get; private set; }

    public int RouterFo { get; private set; }

    /// <exception cref="SettingsException">A port is taken.</exception>
    public static LineServer Start(ILineFloor floor, SimulatorSettings settings)
    {
        var server = new LineServer(floor, settings.Listen, settings.Link == LinkMode.Clear ? null : RouterCertificate.Prepare(settings.DataFolder, settings.Listen));
        try
        {
            server.RouterCm = server.Listen(settings.RouterPortCm, Segment.CapitalMarket, isRouter: true, "router-port").Port;
            server.RouterFo = server.Listen(settings.RouterPortFo, Segment.FuturesAndOptions, isRouter: true, "router-port-fo").Port;
            floor.Opened(Segment.CapitalMarket, server.Listen(settings.GatewayPortCm, Segment.CapitalMarket, isRouter: false, "gateway-port-cm"));
            floor.Opened(Segment.FuturesAndOptions, server.Listen(settings.GatewayPortFo, Segment.FuturesAndOptions, isRouter: false, "gateway-port-fo"));
        }
        catch
        {
            server._listeners.ForEach(listener => listener.Dispose());
            server._stopping.Dispose();
            server._certificate?.Dispose();
            throw;
        }

        return server;
    }

    /// <summary>Opens a listening socket, or says in plain words why not.</summary>
    public static Socket Open(IPAddress address, int port, string key)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(64);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new SettingsException(failure.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? $"simulator.{key}: port {port} is already in use. Stop what uses it, or choose another port; 0 takes any free one."
                : $"simulator.{key}: port {port} of {address} cannot be opened ({failure.Message}).");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listeners.ForEach(listener => listener.Dispose());
        await Task.WhenAll(_accepting);
        Task[] serving;
        lock (_serving)
        {
            serving = [.. _serving];
        }

        await Task.WhenAll(serving);
        _stopping.Dispose();
        _certificate?.Dispose();
    }

    private IPEndPoint Listen(int port, Segment segment, bool isRouter, string key)
    {
        var listener = Open(_address, port, key);
        _listeners.Add(listener);
        _accepting.Add(AcceptAsync(listener, segment, isRouter));
        return (IPEndPoint)listener.LocalEndPoint!;
    }

    private async Task AcceptAsync(Socket listener, Segment segment, bool isRouter)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stopping.Token);
                socket.NoDelay = true;
                Keep(ServeAsync(socket, segment, isRouter));
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // Either we are stopping, or the member left before he was let in.
            }
        }
    }

    private void Keep(Task serving)
    {
        lock (_serving)
        {
            _serving.RemoveWhere(task => task.IsCompleted);
            _serving.Add(serving);
        }
    }

    private async Task ServeAsync(Socket socket, Segment segment, bool isRouter)
    {
        await Task.Yield();
        using var link = _floor.Arrive(segment, isRouter, socket);
        await link.RunAsync(_floor.Receive, isRouter ? _certificate : null, _stopping.Token);
        _floor.Leave(link);
    }
}
