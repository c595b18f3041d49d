using System.Collections.Concurrent;
using System.Text;
using Backup.Actor.Kernel.Cluster;

namespace Backup.Actor.Kernel.Links;

/// <summary>
/// The link with one other node: questions and answers both ways over one connection, many in a frame. While a frame is being sent, the
/// next one forms; no delay is added, so a lone question leaves at once and a crowd shares a frame.
/// </summary>
/// <remarks>Safe for threads. It lives as long as its connection; a later connection is another link.</remarks>
public sealed class NodeLink : IDisposable
{
    private readonly NodeId _peer;
    private readonly ILinkConnection _connection;
    private readonly LinkServices _services;
    private readonly TimeProvider _clock;
    private readonly NodeLinkOptions _options;
    private readonly CancellationTokenSource _broken = new();
    private readonly ConcurrentDictionary<long, IQuestion> _questions = new();
    private readonly Lock _gate = new();
    private LinkBuffer _forming = new();
    private LinkBuffer _leaving = new();
    private bool _isSending;
    private long _lastId;
    private int _serving;
    private long _heardAt;
    private volatile bool _isAnswered;
    private string? _why;

    internal NodeLink(NodeId peer, ILinkConnection connection, LinkServices services, TimeProvider clock, NodeLinkOptions options)
    {
        (_peer, _connection, _services, _clock, _options) = (peer, connection, services, clock, options);
        _heardAt = clock.GetTimestamp();
    }

    public NodeId Peer => _peer;

    /// <summary>The other node has answered, and not long ago.</summary>
    public bool Works => _isAnswered && _why is null && _clock.GetElapsedTime(Volatile.Read(ref _heardAt)) < _options.WorksWithin;

    /// <summary>Asks the other node and waits for its answer, at most <paramref name="deadline"/> long.</summary>
    public Task<LinkResult<TAnswer>> AskAsync<TQuestion, TAnswer>(LinkCall<TQuestion, TAnswer> call, TQuestion question, TimeSpan deadline)
    {
        ArgumentNullException.ThrowIfNull(call);
        var id = Interlocked.Increment(ref _lastId);
        var asked = new Question<TQuestion, TAnswer>(this, id, call, deadline);
        _questions[id] = asked;
        if (!TrySend(new EnvelopeHead(EnvelopeKind.Ask, call.Service, id), (call, question), static (ask, buffer) => ask.call.WriteQuestion(ask.question, buffer), mayExceed: false))
        {
            _questions.TryRemove(id, out _);
            return Task.FromResult(new LinkResult<TAnswer>(LinkStatus.NotSent, default, _why ?? $"too much waits on the link to {_peer}"));
        }

        asked.WaitForAnswer();
        if (_why is { } why)
        {
            // It broke between the two; whoever failed the others may not have seen this one.
            asked.Fail(LinkStatus.Lost, why);
        }

        return asked.Task;
    }

    /// <summary>Carries frames until the connection breaks, the other node is silent for too long, or it is told to stop. Returns why.</summary>
    internal async Task<string> RunAsync(CancellationToken stop)
    {
        using var stopping = stop.UnsafeRegister(static link => ((NodeLink)link!).Break("the link was closed"), this);
        using var pings = _clock.CreateTimer(_ => Ping(), null, TimeSpan.Zero, _options.PingEvery);
        try
        {
            while (await _connection.ReceiveAsync(_broken.Token) is { } frame)
            {
                Volatile.Write(ref _heardAt, _clock.GetTimestamp());
                Take(frame.Span);
            }

            Break($"{_peer} closed the link");
        }
        catch (Exception failure) when (failure is IOException or FormatException or OperationCanceledException)
        {
            Break($"the link to {_peer} broke: {failure.Message}");
        }

        await _connection.DisposeAsync();
        return _why!;
    }

    /// <summary>Only after <see cref="RunAsync"/> has returned.</summary>
    public void Dispose() => _broken.Dispose();

    /// <summary>Ends the link; every question without an answer is lost.</summary>
    internal void Break(string why)
    {
        if (Interlocked.CompareExchange(ref _why, why, null) is not null)
        {
            return;
        }

        _broken.Cancel();
        foreach (var id in _questions.Keys)
        {
            if (_questions.TryRemove(id, out var question))
            {
                question.Fail(LinkStatus.Lost, why);
            }
        }
    }

    private void Ping()
    {
        if (_clock.GetElapsedTime(Volatile.Read(ref _heardAt)) >= _options.SilenceMax)
        {
            Break($"{_peer} has been silent for {_options.SilenceMax.TotalSeconds} s");
            return;
        }

        TrySend(new EnvelopeHead(EnvelopeKind.Ping, 0, 0), 0, static (_, _) => { }, mayExceed: true);
    }

    private void Take(ReadOnlySpan<byte> frame)
    {
        while (!frame.IsEmpty)
        {
            var head = EnvelopeHead.Take(ref frame, out var payload);
            switch (head.Kind)
            {
                case EnvelopeKind.Ask:
                    Serve(head, payload);
                    break;
                case EnvelopeKind.Answer when _questions.TryRemove(head.Id, out var question):
                    question.Take(payload);
                    break;
                case EnvelopeKind.Refusal when _questions.TryRemove(head.Id, out var question):
                    question.Fail(LinkStatus.Refused, Encoding.UTF8.GetString(payload));
                    break;
                case EnvelopeKind.Ping:
                    TrySend(new EnvelopeHead(EnvelopeKind.Pong, 0, head.Id), 0, static (_, _) => { }, mayExceed: true);
                    break;
                case EnvelopeKind.Pong:
                    _isAnswered = true;
                    break;
                case EnvelopeKind.Answer or EnvelopeKind.Refusal:
                    // Its asker gave up waiting.
                    break;
                default:
                    throw new FormatException($"node link: found an envelope of kind {(byte)head.Kind}, expected 1 to 5");
            }
        }
    }

    private void Serve(EnvelopeHead head, ReadOnlySpan<byte> payload)
    {
        if (_services.Find(head.Service) is not { } begin)
        {
            Refuse(head, $"questions of kind {head.Service} are not known here");
            return;
        }

        if (Interlocked.Increment(ref _serving) > _options.ServingMax)
        {
            Interlocked.Decrement(ref _serving);
            Refuse(head, "too many questions are under way here");
            return;
        }

        try
        {
            _ = AnswerAsync(head, begin(_peer, payload));
        }
        catch (Exception unreadable)
        {
            Interlocked.Decrement(ref _serving);
            Refuse(head, unreadable.Message);
        }
    }

    private async Task AnswerAsync(EnvelopeHead head, ValueTask<LinkServices.Reply> answer)
    {
        try
        {
            var reply = await answer;
            TrySend(head with { Kind = EnvelopeKind.Answer }, reply, static (answered, buffer) => answered.Write(buffer), mayExceed: true);
        }
        catch (Exception failure)
        {
            Refuse(head, failure.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _serving);
        }
    }

    private void Refuse(EnvelopeHead head, string why) => TrySend(
        head with { Kind = EnvelopeKind.Refusal }, why, static (text, buffer) => Encoding.UTF8.GetBytes(text, buffer), mayExceed: true);

    /// <summary>Writes an envelope into the frame that forms; false when the link is broken or, unless it may exceed the bound, too full.</summary>
    private bool TrySend<T>(EnvelopeHead head, T what, Action<T, LinkBuffer> write, bool mayExceed)
    {
        lock (_gate)
        {
            if (_why is not null || (!mayExceed && _forming.Count >= _options.WaitingBytesMax))
            {
                return false;
            }

            var start = _forming.Begin(head);
            try
            {
                write(what, _forming);
            }
            catch
            {
                _forming.Undo(start);
                throw;
            }

            _forming.End(start);
            if (_isSending)
            {
                return true;
            }

            _isSending = true;
        }

        _ = SendAsync();
        return true;
    }

    private async Task SendAsync()
    {
        await Task.Yield();
        try
        {
            while (NextFrame() is { } frame)
            {
                await _connection.SendAsync(frame, _broken.Token);
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            Break($"the link to {_peer} broke: {failure.Message}");
        }
    }

    private ReadOnlyMemory<byte>? NextFrame()
    {
        lock (_gate)
        {
            _leaving.Clear();
            if (_forming.Count == 0)
            {
                _isSending = false;
                return null;
            }

            (_forming, _leaving) = (_leaving, _forming);
            return _leaving.Written;
        }
    }

    /// <summary>What the reader of the link knows of a question: its number leads to it.</summary>
    private interface IQuestion
    {
        void Take(ReadOnlySpan<byte> answer);

        void Fail(LinkStatus status, string why);
    }

    /// <summary>One question under way. It is its own completion source and its own timer's state: a crowd of asks makes little else.</summary>
    private sealed class Question<TQuestion, TAnswer>(NodeLink link, long id, LinkCall<TQuestion, TAnswer> call, TimeSpan deadline)
        : TaskCompletionSource<LinkResult<TAnswer>>(TaskCreationOptions.RunContinuationsAsynchronously), IQuestion
    {
        private ITimer? _timer;

        public void WaitForAnswer()
        {
            _timer = link._clock.CreateTimer(static question => ((Question<TQuestion, TAnswer>)question!).Expire(), this, deadline, Timeout.InfiniteTimeSpan);
            if (Task.IsCompleted)
            {
                _timer.Dispose();
            }
        }

        public void Take(ReadOnlySpan<byte> answer)
        {
            try
            {
                Complete(new LinkResult<TAnswer>(LinkStatus.Answered, call.ReadAnswer(answer)));
            }
            catch (FormatException unreadable)
            {
                Complete(new LinkResult<TAnswer>(LinkStatus.Lost, default, $"the answer cannot be read: {unreadable.Message}"));
            }
        }

        public void Fail(LinkStatus status, string why) => Complete(new LinkResult<TAnswer>(status, default, why));

        private void Expire()
        {
            link._questions.TryRemove(id, out _);
            Fail(LinkStatus.Lost, $"{link._peer} did not answer within {deadline.TotalMilliseconds:F0} ms");
        }

        private void Complete(LinkResult<TAnswer> result)
        {
            TrySetResult(result);
            _timer?.Dispose();
        }
    }
}
