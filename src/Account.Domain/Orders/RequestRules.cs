using System.Globalization;
using Backup.Account.Domain.Market;

namespace Backup.Account.Domain.Orders;

/// <summary>
/// How much one client may ask for in a minute (rulebook 1.7, 8): a stuck browser must not use up the box. What takes risk away without a
/// message more than needed, a cancel, is never counted; nor is what a desk does for him, or a plan by itself.
/// </summary>
internal static class RequestRules
{
    internal static Refusal? TooMany(AccountState state, string requestedBy, DateTimeOffset now, ExitPolicy policy)
    {
        if (policy.RequestsPerMinuteMax == 0 || requestedBy != state.AccountId || state.Requests.In(now) < policy.RequestsPerMinuteMax)
        {
            return null;
        }

        var wait = TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (now.UtcTicks % TimeSpan.TicksPerMinute));
        return new Refusal(
            RefusalCode.TooManyRequests,
            string.Create(CultureInfo.InvariantCulture, $"{policy.RequestsPerMinuteMax} exits and changes were asked for in this minute; more are taken in {Math.Ceiling(wait.TotalSeconds)} s. Cancels are always taken."))
        {
            RetryAfter = wait,
        };
    }

    /// <summary>The state after an event that one of the client's requests recorded.</summary>
    internal static AccountState Counted(AccountState state, string requestedBy, DateTimeOffset at) =>
        requestedBy == state.AccountId ? state with { Requests = state.Requests.Another(at) } : state;
}
