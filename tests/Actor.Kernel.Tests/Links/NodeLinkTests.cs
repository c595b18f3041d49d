using System.Buffers;
using System.Text;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Links;
using Backup.Tests;
using Xunit;

namespace Backup.Actor.Kernel.Tests.Links;

/// <summary>Questions and answers between two nodes, and what becomes of them when something is wrong.</summary>
public sealed class NodeLinkTests : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly NodeId A = new("a", 1);
    private static readonly NodeId B = new("b", 7);

    private static readonly LinkCall<string, string> Echo = new(
        9, (text, writer) => writer.Write(text), bytes => LinkText.TakeText(ref bytes), (text, writer) => writer.Write(text), bytes => LinkText.TakeText(ref bytes));

    private static readonly LinkCall<string, string> Unserved = Echo with { Service = 10 };

    private readonly ManualClock _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LinkServices _services = new();
    private readonly List<Task<string>> _running = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_question_is_answered_by_the_other_node()
    {
        _services.Serve(Echo, (from, text) => Task.FromResult($"{from} said {text}"));
        var (a, _) = Open();

        var answer = await a.AskAsync(Echo, "good morning", Long);

        Assert.Equal(new LinkResult<string>(LinkStatus.Answered, "a#1 said good morning"), answer);
    }

    [Fact]
    public async Task Many_at_once_each_get_their_own_answer_in_few_frames()
    {
        var gate = new TaskCompletionSource();
        _services.Serve(Echo, async (_, text) =>
        {
            await gate.Task;
            return text;
        });
        var (a, ends) = Open();
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ends.Here.Held = slow.Task;

        var asks = Enumerable.Range(0, 1000).Select(i => a.AskAsync(Echo, $"{i}", Long)).ToArray();
        slow.SetResult();
        gate.SetResult();
        var answers = await Task.WhenAll(asks);

        // The first ping, the question that found nobody sending, and all others together; a pong.
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), answers.Select(answer => answer.Answer));
        Assert.InRange(ends.Here.FramesSent, 1, 4);
    }

    [Fact]
    public async Task What_the_other_node_throws_comes_back_as_a_refusal_with_its_words()
    {
        _services.Serve(Echo, (_, text) => throw new InvalidOperationException($"not {text}"));
        var (a, _) = Open();

        Assert.Equal(new LinkResult<string>(LinkStatus.Refused, null, "not today"), await a.AskAsync(Echo, "today", Long));
        Assert.Equal(new LinkResult<string>(LinkStatus.Refused, null, "questions of kind 10 are not known here"), await a.AskAsync(Unserved, "today", Long));
    }

    [Fact]
    public async Task More_than_the_limit_under_way_are_refused_and_the_others_go_on()
    {
        var gate = new TaskCompletionSource();
        _services.Serve(Echo, async (_, text) =>
        {
            await gate.Task;
            return text;
        });
        var (a, _) = Open(new NodeLinkOptions { ServingMax = 2 });

        var first = a.AskAsync(Echo, "1", Long);
        var second = a.AskAsync(Echo, "2", Long);
        Assert.Equal(LinkStatus.Refused, (await a.AskAsync(Echo, "3", Long)).Status);
        gate.SetResult();

        Assert.Equal(("1", "2"), ((await first).Answer, (await second).Answer));
        Assert.True((await a.AskAsync(Echo, "4", Long)).IsAnswered);
    }

    [Fact]
    public async Task A_question_that_left_is_lost_with_the_link_and_one_after_it_is_not_sent()
    {
        var asked = new TaskCompletionSource();
        _services.Serve(Echo, (_, _) =>
        {
            asked.SetResult();
            return new TaskCompletionSource<string>().Task;
        });
        var (a, ends) = Open();
        var ask = a.AskAsync(Echo, "anybody there", Long);
        await asked.Task;

        ends.Here.Close();

        Assert.Equal(LinkStatus.Lost, (await ask).Status);
        Assert.Equal(LinkStatus.NotSent, (await a.AskAsync(Echo, "hello", Long)).Status);
        Assert.False(a.Works);
    }

    [Fact]
    public async Task A_deadline_that_passes_leaves_the_outcome_unknown_and_the_link_whole()
    {
        var isSlow = true;
        _services.Serve(Echo, (_, text) => isSlow ? new TaskCompletionSource<string>().Task : Task.FromResult(text));
        var (a, _) = Open();

        var ask = a.AskAsync(Echo, "slow", TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(LinkStatus.Lost, (await ask).Status);

        isSlow = false;
        Assert.Equal("quick", (await a.AskAsync(Echo, "quick", Long)).Answer);
    }

    [Fact]
    public async Task Silence_breaks_a_link()
    {
        _services.Serve(Echo, (_, text) => Task.FromResult(text));
        var isCut = false;
        var (a, _) = Open(isCutThere: () => isCut);
        Assert.True((await a.AskAsync(Echo, "hello", Long)).IsAnswered);
        isCut = true;
        var ask = a.AskAsync(Echo, "hello?", Long);

        // What was on its way before the cut may still be heard, and counts.
        while (!ask.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        Assert.Equal(LinkStatus.Lost, (await ask).Status);
        Assert.Contains("silent for 4 s", await _running[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_link_takes_no_more_questions()
    {
        var ends = PipeEnd.Pair();
        var a = new NodeLink(B, ends.Here, new LinkServices(), _clock, new NodeLinkOptions { WaitingBytesMax = 1000 });

        // The connection takes one frame and keeps it; the next one forms, and then all is full.
        ends.Here.Held = new TaskCompletionSource().Task;
        List<Task<LinkResult<string>>> asks = [];
        do
        {
            asks.Add(a.AskAsync(Echo, new string('x', 10_000), Long));
        }
        while (!asks[^1].IsCompleted);

        Assert.Equal(LinkStatus.NotSent, (await asks[^1]).Status);
        Assert.InRange(asks.Count, 2, 3);
        a.Break("done");
        Assert.All(await Task.WhenAll(asks), answer => Assert.NotEqual(LinkStatus.Answered, answer.Status));
        a.Dispose();
    }

    [Theory]
    [InlineData("", "an envelope says")]
    [InlineData("00000001", "an envelope says")]
    [InlineData("7fffffff0101000000000000000100", "an envelope says 2147483647 bytes follow")]
    [InlineData("ffffffff0101000000000000000100", "an envelope says -1 bytes follow")]
    [InlineData("0000000a09010000000000000001", "found an envelope of kind 9, expected 1 to 5")]
    public async Task A_damaged_frame_ends_the_link_and_says_what_was_found(string hex, string expected)
    {
        var (a, ends) = Open();
        var damaged = Convert.FromHexString(hex + (hex.Length == 0 ? "00" : ""));

        await ends.There.SendAsync(damaged, default);

        Assert.Contains(expected, await _running[0], StringComparison.Ordinal);
        Assert.False(a.Works);
    }

    [Fact]
    public async Task A_question_that_cannot_be_read_is_refused_and_the_link_goes_on()
    {
        var numbers = Echo with { WriteQuestion = (text, writer) => writer.Write(Encoding.UTF8.GetBytes(text)) };
        _services.Serve(Echo, (_, text) => Task.FromResult(text));
        var (a, _) = Open();

        var refused = await a.AskAsync(numbers, "no", Long);

        Assert.Equal((LinkStatus.Refused, "node link: expected 4 more bytes, found 2"), (refused.Status, refused.Detail));
        Assert.Equal("yes", (await a.AskAsync(Echo, "yes", Long)).Answer);
    }

    private (NodeLink A, (PipeEnd Here, PipeEnd There) Ends) Open(NodeLinkOptions? options = null, Func<bool>? isCutThere = null)
    {
        var ends = PipeEnd.Pair(isCutThere: isCutThere);
        options ??= new NodeLinkOptions();
        var a = new NodeLink(B, ends.Here, new LinkServices(), _clock, options);
        var b = new NodeLink(A, ends.There, _services, _clock, options);
        _running.Add(a.RunAsync(_stop.Token));
        _running.Add(b.RunAsync(_stop.Token));
        return (a, ends);
    }
}
