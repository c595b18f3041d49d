using System.Buffers;
using System.IO.Pipelines;
using Backup.Exchange.Wire;

namespace Backup.Tap.Stream;

/// <summary>The one question and answer with the Gateway Router, on a connection of its own.</summary>
internal static class RouterLeg
{
    /// <summary>Sends the request, returns the answer and closes the line.</summary>
    /// <exception cref="IOException">The router closed, or its answer is damaged.</exception>
    public static async Task<byte[]> AskAsync(ITapLine router, byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            FrameWriter.Write(router.Output, request);
            await router.Output.FlushAsync(cancellationToken);
            return await ReadOneAsync(router, cancellationToken);
        }
        finally
        {
            router.Close();
        }
    }

    private static async Task<byte[]> ReadOneAsync(ITapLine router, CancellationToken cancellationToken)
    {
        var frames = new FrameReader();
        while (true)
        {
            var result = await ReadAsync(router, cancellationToken);
            var (status, message) = Take(frames, result.Buffer);
            if (status == FrameReadStatus.Frame)
            {
                return message;
            }

            if (status != FrameReadStatus.NeedMoreData || result.IsCompleted)
            {
                throw new IOException(status == FrameReadStatus.NeedMoreData ? Closed(router) : "the Gateway Router's answer is damaged");
            }

            router.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static async ValueTask<ReadResult> ReadAsync(ITapLine router, CancellationToken cancellationToken)
    {
        try
        {
            return await router.Input.ReadAsync(cancellationToken);
        }
        catch (IOException failure)
        {
            throw new IOException(Closed(router), failure);
        }
    }

    private static string Closed(ITapLine router) =>
        $"the Gateway Router closed without an answer{(router.IsProtected ? "" : "; if it expects TLS, set tap.router-ca-file")}";

    private static (FrameReadStatus Status, byte[] Message) Take(FrameReader frames, ReadOnlySequence<byte> buffer)
    {
        var status = frames.TryRead(ref buffer, out var frame);
        return (status, status == FrameReadStatus.Frame ? frame.Message.ToArray() : []);
    }
}
