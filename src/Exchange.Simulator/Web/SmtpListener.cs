using System.Net;
using System.Net.Sockets;
using System.Text;
using Backup.Exchange.Simulator.Line;

namespace Backup.Exchange.Simulator.Web;

/// <summary>Takes e-mails and puts them into the inbox: the minimum of RFC 5321, every size bounded.</summary>
public sealed class SmtpListener : IAsyncDisposable
{
    private const int LineLimit = 2048;
    private const int MessageLimit = 512 * 1024;
    private const int RecipientLimit = 100;
    private const int ConnectionLimit = 32;

    private readonly Socket _listener;
    private readonly Inbox _inbox;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _room = new(ConnectionLimit, ConnectionLimit);
    private readonly Task _accepting;

    public SmtpListener(IPAddress address, int port, Inbox inbox)
    {
        _inbox = inbox;
        _listener = LineServer.Open(address, port, "smtp-port");
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        for (var left = 0; left < ConnectionLimit; left++)
        {
            await _room.WaitAsync();
        }

        _room.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stopping.Token);
                await _room.WaitAsync(_stopping.Token);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Stopping.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var client = socket;
            await using var stream = new NetworkStream(client, ownsSocket: false);
            await new Conversation(stream, _inbox, _stopping.Token).RunAsync();
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The sender left in the middle; what was not finished with a dot was never a message.
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>One sender's dialogue.</summary>
    private sealed class Conversation(NetworkStream stream, Inbox inbox, CancellationToken stopping)
    {
        private readonly byte[] _buffer = new byte[LineLimit];
        private readonly List<string> _recipients = [];
        private int _filled;
        private int _at;
        private bool _hasSender;

        public async Task RunAsync()
        {
            await SayAsync("220 simulator inbox ready");
            while (await ReadLineAsync() is { } line)
            {
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                if (verb == "QUIT")
                {
                    await SayAsync("221 bye");
                    return;
                }

                await (verb switch
                {
                    "EHLO" => SayAsync("250-simulator\r\n250-8BITMIME\r\n250 SIZE 524288"),
                    "HELO" => SayAsync("250 simulator"),
                    "NOOP" => SayAsync("250 ok"),
                    "RSET" => ResetAsync(),
                    "MAIL" => SenderAsync(),
                    "RCPT" => RecipientAsync(line),
                    "DATA" => DataAsync(),
                    _ => SayAsync("502 command not implemented"),
                });
            }
        }

        private Task ResetAsync()
        {
            _recipients.Clear();
            _hasSender = false;
            return SayAsync("250 ok");
        }

        private Task SenderAsync()
        {
            _recipients.Clear();
            _hasSender = true;
            return SayAsync("250 ok");
        }

        private Task RecipientAsync(string line)
        {
            var (from, to) = (line.IndexOf('<', StringComparison.Ordinal), line.IndexOf('>', StringComparison.Ordinal));
            if (!_hasSender || from < 0 || to <= from + 1)
            {
                return SayAsync(_hasSender ? "501 expected RCPT TO:<address>" : "503 MAIL comes first");
            }

            if (_recipients.Count == RecipientLimit)
            {
                return SayAsync("452 too many recipients");
            }

            _recipients.Add(line[(from + 1)..to]);
            return SayAsync("250 ok");
        }

        private async Task DataAsync()
        {
            if (_recipients.Count == 0)
            {
                await SayAsync("503 RCPT comes first");
                return;
            }

            await SayAsync("354 end with a dot on a line of its own");
            var lines = new List<string>();
            var size = 0;
            while (await ReadLineAsync() is { } line)
            {
                if (line == ".")
                {
                    await DeliverAsync(lines, size);
                    return;
                }

                size += line.Length + 2;
                if (size <= MessageLimit)
                {
                    lines.Add(line.StartsWith('.') ? line[1..] : line);
                }
            }
        }

        private Task DeliverAsync(List<string> lines, int size)
        {
            if (size > MessageLimit)
            {
                return SayAsync("552 message too large");
            }

            var (subject, text) = MailText.Read(lines);
            foreach (var recipient in _recipients)
            {
                inbox.Add("email", recipient, subject, text);
            }

            _recipients.Clear();
            _hasSender = false;
            return SayAsync("250 kept");
        }

        private async Task SayAsync(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stopping);

        private async Task<string?> ReadLineAsync()
        {
            var line = new List<byte>(128);
            while (true)
            {
                if (_at == _filled)
                {
                    _filled = await stream.ReadAsync(_buffer, stopping);
                    _at = 0;
                    if (_filled == 0)
                    {
                        return null;
                    }
                }

                var letter = _buffer[_at++];
                if (letter == '\n')
                {
                    return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                }

                if (line.Count == LineLimit)
                {
                    throw new IOException("A line of the sender is too long.");
                }

                line.Add(letter);
            }
        }
    }
}
