namespace Backup.Exchange.Simulator.Web;

/// <summary>One SMS or e-mail that the system under test has sent to somebody.</summary>
/// <param name="Kind">sms or email.</param>
/// <param name="Subject">Empty for an SMS.</param>
public sealed record InboxMessage(long N, string Kind, string To, string Subject, string Text, DateTimeOffset At);

/// <summary>Keeps the last thousand messages for people to look at, newest first.</summary>
public sealed class Inbox(TimeProvider clock)
{
    public const int Capacity = 1000;

    /// <summary>Longer texts are cut: this is a place to look, not an archive.</summary>
    public const int TextLimit = 64 * 1024;

    private readonly LinkedList<InboxMessage> _messages = [];
    private readonly Lock _gate = new();
    private long _last;

    public void Add(string kind, string to, string subject, string text)
    {
        lock (_gate)
        {
            var kept = text.Length > TextLimit ? text[..TextLimit] : text;
            _messages.AddFirst(new InboxMessage(++_last, kind, to, subject, kept, clock.GetUtcNow()));
            if (_messages.Count > Capacity)
            {
                _messages.RemoveLast();
            }
        }
    }

    public IReadOnlyList<InboxMessage> List(string? to)
    {
        lock (_gate)
        {
            return [.. _messages.Where(message => to is null || string.Equals(message.To, to, StringComparison.OrdinalIgnoreCase))];
        }
    }
}
