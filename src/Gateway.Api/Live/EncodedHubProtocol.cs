using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Backup.Gateway.Api.Live;

/// <summary>
/// SignalR's JSON protocol, in which a portfolio's message is copied as it was encoded instead of being encoded for every connection. Everything else
/// is the framework's. (SignalR hub protocol, "StreamItem message encoding" and "JSON encoding": type 2, ended by 0x1E.)
/// </summary>
internal sealed class EncodedHubProtocol(JsonHubProtocol json) : IHubProtocol
{
    private const byte RecordSeparator = 0x1e;

    private static ReadOnlySpan<byte> Begin => "{\"type\":2,\"invocationId\":\""u8;

    private static ReadOnlySpan<byte> Item => "\",\"item\":"u8;

    public string Name => json.Name;

    public int Version => json.Version;

    public TransferFormat TransferFormat => json.TransferFormat;

    public bool IsVersionSupported(int version) => json.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HubMessage? message) =>
        json.TryParseMessage(ref input, binder, out message);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message)
    {
        if (!IsOurs(message, out _, out _))
        {
            return json.GetMessageBytes(message);
        }

        var bytes = new ArrayBufferWriter<byte>();
        WriteMessage(message, bytes);
        return bytes.WrittenMemory;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        if (!IsOurs(message, out var invocation, out var portfolio))
        {
            json.WriteMessage(message, output);
            return;
        }

        output.Write(Begin);
        WriteInvocation(invocation, output);
        output.Write(Item);
        portfolio.WriteTo(output);
        var end = output.GetSpan(2);
        end[0] = (byte)'}';
        end[1] = RecordSeparator;
        output.Advance(2);
    }

    private static bool IsOurs(HubMessage message, out string invocation, out PortfolioMessage portfolio)
    {
        if (message is StreamItemMessage { Headers: null or { Count: 0 }, InvocationId: { } id, Item: PortfolioMessage item })
        {
            (invocation, portfolio) = (id, item);
            return true;
        }

        (invocation, portfolio) = ("", null!);
        return false;
    }

    /// <summary>The id is the browser's own word and may hold anything.</summary>
    private static void WriteInvocation(string invocation, IBufferWriter<byte> output)
    {
        var escaped = JsonEncodedText.Encode(invocation, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        output.Write(escaped);
    }
}
