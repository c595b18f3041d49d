using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>Cancels of many orders at once: kill switch and cancel-on-logout (NSE-TAP.md 3.5, N19, N26, N30, N34). Used under the floor's gate.</summary>
/// <remarks>Any signed-on user may do here what a corporate manager may at the exchange.</remarks>
public sealed class MassCancel(SimulatorSettings settings, OrderBook book, OrderDesk desk, MarketNotices notices)
{
    private readonly HashSet<int> _cancelledOnLogout = [];

    /// <summary>2062 checked: null when it can be carried out, else 2231.</summary>
    public byte[]? KillError(ReadOnlySpan<byte> request)
    {
        var target = CmFullOrder.TraderId.Read(request);
        var symbol = CmFullOrder.Symbol.Read(request);
        return target != 0 && !settings.Cm.Passwords.ContainsKey(target) ? KillRefusal(request, ExchangeError.UserUnknown)
            : symbol.Length > 0 && book.QuoteOf(OrderForm.CmFull, request) is null ? KillRefusal(request, ExchangeError.SymbolInvalid)
            : null;
    }

    /// <summary>2061: goes out before the cancels.</summary>
    public static byte[] KillAnswer(ReadOnlySpan<byte> request, DateTimeOffset now) => Answer(request, TransactionCode.QuickCancelAnswer, 0, now);

    public static byte[] KillRefusal(ReadOnlySpan<byte> request, short error) => Answer(request, TransactionCode.FullOrderRejected, error, null);

    /// <summary>Cancels what 2062 names.</summary>
    public void Kill(ReadOnlySpan<byte> request, DateTimeOffset now)
    {
        var target = CmFullOrder.TraderId.Read(request);
        var quote = CmFullOrder.Symbol.Read(request).Length == 0 ? null : book.QuoteOf(OrderForm.CmFull, request);
        Withdraw(Segment.CapitalMarket, order => (target == 0 || order.UserId == target) && (quote is null || order.Quote == quote), 'T', 0, now);
    }

    /// <summary>20060 of F&amp;O: one order or, with number 0, all of the user; no reference is asked and only the cancels answer.</summary>
    public void Quick(ReadOnlySpan<byte> request, uint sequence, DateTimeOffset now)
    {
        var user = FoOrderChange.UserId.Read(request);
        if (FoOrderChange.OrderNumber.TryRead(request, out var number) && number == 0)
        {
            Withdraw(Segment.FuturesAndOptions, order => order.UserId == user, 'T', 0, now);
        }
        else
        {
            desk.CancelAsItIs(Segment.FuturesAndOptions, TransactionCode.QuickCancel, request, sequence, now);
        }
    }

    /// <summary>5790: answered with 5791, and the user hears of it with 5295.</summary>
    public byte[] SetCancelOnLogout(int asker, ReadOnlySpan<byte> request, DateTimeOffset now)
    {
        var user = CancelOnLogoutRequest.UserId.Read(request);
        var bit = CancelOnLogoutRequest.ColUserBit.Read(request);
        var error = bit is not ("0" or "1") ? ExchangeError.PacketInvalid
            : settings.Cm.Passwords.ContainsKey(user) ? (short)0
            : ExchangeError.UserUnknown;
        var answer = new byte[CancelOnLogoutResponse.Layout.Size];
        CancelOnLogoutResponse.Layout.Begin(answer, TransactionCode.CancelOnLogoutResponse, asker);
        MessageHeader.LogTime.Write(answer, NnfTime.ToSeconds(now));
        MessageHeader.ErrorCode.Write(answer, error);
        CancelOnLogoutResponse.UserId.Write(answer, user);
        request.Slice(CancelOnLogoutRequest.ColUserBit.Offset, 1).CopyTo(answer.AsSpan(CancelOnLogoutResponse.ColUserBit.Offset));
        if (error == 0)
        {
            Restore(answer);
            notices.Text(Segment.CapitalMarket, user, $"CANCEL ON LOGOUT IS {(bit == "1" ? "ON" : "OFF")}", now);
        }

        return answer;
    }

    /// <summary>Takes back a 5791 of an earlier run.</summary>
    public void Restore(ReadOnlySpan<byte> answer)
    {
        var user = CancelOnLogoutResponse.UserId.Read(answer);
        if (MessageHeader.ErrorCode.Read(answer) == 0 && CancelOnLogoutResponse.ColUserBit.Read(answer) == "1")
        {
            _cancelledOnLogout.Add(user);
        }
        else if (MessageHeader.ErrorCode.Read(answer) == 0)
        {
            _cancelledOnLogout.Remove(user);
        }
    }

    /// <summary>The user signs off, or his connection is gone.</summary>
    public void LoggedOff(Segment segment, int user, DateTimeOffset now)
    {
        var all = segment == Segment.CapitalMarket && _cancelledOnLogout.Contains(user);
        Withdraw(segment, order => order.UserId == user && (all || order.IsCancelledOnLogout), 'C', ExchangeError.SystemCancelled, now);
    }

    private void Withdraw(Segment segment, Func<ExchangeOrder, bool> isMeant, char by, short error, DateTimeOffset now)
    {
        foreach (var order in book.Orders.Where(order => order.IsOpen && order.Form.Segment == segment && isMeant(order)).ToArray())
        {
            desk.Withdraw(order, by, error, now);
        }
    }

    private static byte[] Answer(ReadOnlySpan<byte> request, short code, short error, DateTimeOffset? now)
    {
        var answer = request.ToArray();
        MessageHeader.TransactionCode.Write(answer, code);
        MessageHeader.ErrorCode.Write(answer, error);
        if (now is { } at)
        {
            MessageHeader.LogTime.Write(answer, NnfTime.ToSeconds(at));
            MessageHeader.TimeStamp.Write(answer, NnfTime.ToNanoseconds(at));
        }

        return answer;
    }
}
