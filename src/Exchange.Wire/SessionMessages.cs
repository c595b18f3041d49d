using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire;

/// <summary>What a member says to sign a user on.</summary>
/// <param name="NewPassword">Empty unless the password is being changed.</param>
/// <param name="VersionNumber">VVRRSS as a decimal number.</param>
/// <param name="Workstation">Seven digits.</param>
public sealed record SignOnIdentity(
    int UserId,
    string Password,
    string NewPassword,
    string BrokerId,
    short BranchId,
    int VersionNumber,
    string Workstation);

/// <summary>The member's side of login and recovery as bytes (NSE-TAP.md 3.7, 6.1).</summary>
/// <remarks>Each method fills the front of the caller's buffer and returns that part of it. A buffer of 316 bytes fits all.</remarks>
public static class SessionMessages
{
    public static ReadOnlySpan<byte> Router(Span<byte> buffer, short boxId, string brokerId)
    {
        var message = RouterRequest.Layout.Begin(buffer, TransactionCode.RouterRequest, 0);
        RouterRequest.BoxId.Write(message, boxId);
        RouterRequest.BrokerId.Write(message, brokerId);
        return message;
    }

    public static ReadOnlySpan<byte> BoxRegistration(Span<byte> buffer, short boxId)
    {
        var message = BoxRegistrationRequest.Layout.Begin(buffer, TransactionCode.BoxRegistrationRequest, 0);
        BoxRegistrationRequest.BoxId.Write(message, boxId);
        return message;
    }

    public static ReadOnlySpan<byte> BoxSignOn(Span<byte> buffer, short boxId, string brokerId, ReadOnlySpan<byte> sessionKey)
    {
        var message = BoxSignOnRequest.Layout.Begin(buffer, TransactionCode.BoxSignOnRequest, 0);
        BoxSignOnRequest.BoxId.Write(message, boxId);
        BoxSignOnRequest.BrokerId.Write(message, brokerId);
        BoxSignOnRequest.SessionKey.Write(message, sessionKey);
        return message;
    }

    public static ReadOnlySpan<byte> SignOn(Span<byte> buffer, Segment segment, SignOnIdentity identity) =>
        segment == Segment.CapitalMarket ? CmSignOn(buffer, identity) : FoSignOnRequest(buffer, identity);

    public static ReadOnlySpan<byte> SystemInformation(Span<byte> buffer, Segment segment, int userId)
    {
        var layout = segment == Segment.CapitalMarket ? HeaderOnly.Layout : FoSystemInformationRequest.Layout;
        return layout.Begin(buffer, TransactionCode.SystemInformationRequest, userId);
    }

    /// <param name="systemInformation">The 1601 that was received: its market statuses are repeated, since stale ones are answered with 7321.</param>
    public static ReadOnlySpan<byte> LocalDatabase(Span<byte> buffer, Segment segment, int userId, ReadOnlySpan<byte> systemInformation)
    {
        if (segment == Segment.CapitalMarket)
        {
            var message = CmUpdateLocalDatabase.Layout.Begin(buffer, TransactionCode.UpdateLocalDatabase, userId);
            CmUpdateLocalDatabase.RequestForOpenOrders.Write(message, "N");
            systemInformation.Slice(CmSystemInformation.Normal.Offset, 12).CopyTo(message[CmUpdateLocalDatabase.NormalMarketStatus.Offset..]);
            return message;
        }

        var request = FoUpdateLocalDatabase.Layout.Begin(buffer, TransactionCode.UpdateLocalDatabase, userId);
        FoUpdateLocalDatabase.RequestForOpenOrders.Write(request, "N");
        systemInformation.Slice(FoSystemInformation.NormalStatus.Offset, 24).CopyTo(request[FoUpdateLocalDatabase.MarketStatus.Offset..]);
        return request;
    }

    /// <param name="stream">The stream, from 1 (N4).</param>
    /// <param name="after">TimeStamp1 of the last message kept, in jiffies; 0 asks for the whole day (N5).</param>
    public static ReadOnlySpan<byte> Download(Span<byte> buffer, int userId, byte stream, long after)
    {
        var message = DownloadRequest.Layout.Begin(buffer, TransactionCode.DownloadRequest, userId);
        MessageHeader.AlphaChar.Write(message, [stream, (byte)' ']);
        DownloadRequest.SequenceNumber.Write(message, after);
        return message;
    }

    public static ReadOnlySpan<byte> HeartbeatMessage(Span<byte> buffer) => Heartbeat.Layout.Begin(buffer, TransactionCode.Heartbeat, 0);

    public static ReadOnlySpan<byte> SignOff(Span<byte> buffer, int userId) =>
        HeaderOnly.Layout.Begin(buffer, TransactionCode.SignOffRequest, userId);

    private static Span<byte> CmSignOn(Span<byte> buffer, SignOnIdentity identity)
    {
        var message = CmSignOnRequest.Layout.Begin(buffer, TransactionCode.SignOnRequest, identity.UserId);
        CmSignOnRequest.UserId.Write(message, identity.UserId);
        CmSignOnRequest.Password.Write(message, identity.Password);
        CmSignOnRequest.NewPassword.Write(message, identity.NewPassword);
        CmSignOnRequest.BrokerId.Write(message, identity.BrokerId);
        CmSignOnRequest.BranchId.Write(message, identity.BranchId);
        CmSignOnRequest.VersionNumber.Write(message, identity.VersionNumber);
        CmSignOnRequest.WorkstationNumber.Write(message, identity.Workstation);
        CmSignOnRequest.ShowIndex.Write(message, "T");
        return message;
    }

    private static Span<byte> FoSignOnRequest(Span<byte> buffer, SignOnIdentity identity)
    {
        var message = FoSignOn.Layout.Begin(buffer, TransactionCode.SignOnRequest, identity.UserId);
        FoSignOn.UserId.Write(message, identity.UserId);
        FoSignOn.Password.Write(message, identity.Password);
        FoSignOn.NewPassword.Write(message, identity.NewPassword);
        FoSignOn.BrokerId.Write(message, identity.BrokerId);
        FoSignOn.BranchId.Write(message, identity.BranchId);
        FoSignOn.VersionNumber.Write(message, identity.VersionNumber);
        FoSignOn.WsClassName.Write(message, identity.Workstation);
        FoSignOn.ShowIndex.Write(message, "T");
        return message;
    }
}

/// <summary>The message inside a 7021 or 7304, found whichever of the two header orders it uses (NSE-TAP.md N6).</summary>
public static class InnerMessage
{
    /// <summary>Copies the inner message in MESSAGE_HEADER order to <paramref name="buffer"/>; empty when it is neither order.</summary>
    /// <param name="outer">The 7021 or 7304 with its 40-byte header.</param>
    /// <param name="buffer">At least <see cref="FrameReader.MaxFrameLength"/> bytes, the caller's.</param>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> outer, Span<byte> buffer)
    {
        var header = MessageHeader.Layout.Size;
        if (outer.Length < 2 * header || outer.Length - header > buffer.Length)
        {
            return [];
        }

        var inner = outer[header..];
        inner.CopyTo(buffer);
        var copy = buffer[..inner.Length];
        if (MessageCatalogue.Find(MessageHeader.TransactionCode.Read(inner)).Any())
        {
            return copy;
        }

        if (!MessageCatalogue.Find(InnerMessageHeader.TransactionCode.Read(inner)).Any())
        {
            return [];
        }

        MessageHeader.TransactionCode.Write(copy, InnerMessageHeader.TransactionCode.Read(inner));
        MessageHeader.LogTime.Write(copy, InnerMessageHeader.LogTime.Read(inner));
        MessageHeader.AlphaChar.Write(copy, InnerMessageHeader.AlphaChar.Read(inner));
        MessageHeader.TraderId.Write(copy, InnerMessageHeader.TraderId.Read(inner));
        return copy;
    }
}
