using System.Buffers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Tests;

public class VectorTests
{
    private static readonly string[] Composite =
        ["legacy_invitation_4byte", "legacy_invitation_42byte_in_26byte_packet", "broadcast_only_mbp_uncompressed"];

    public static TheoryData<string> Structured =>
        [.. Vectors.All.Where(vector => !vector.IsEncrypted && !Composite.Contains(vector.Name)).Select(vector => vector.Name)];

    public static TheoryData<string> OnTheWire =>
        [.. Vectors.All.Where(vector => !vector.IsEncrypted && vector.Name is not ("legacy_invitation_42byte_in_26byte_packet" or "broadcast_only_mbp_uncompressed"))
            .Select(vector => vector.Name)];

    [Fact]
    public void All_49_examples_are_here_and_6_of_them_are_encrypted()
    {
        Assert.Equal(49, Vectors.All.Count);
        Assert.Equal(40, Structured.Count);
        Assert.Equal(3, Composite.Length);
        Assert.Equal(6, Vectors.All.Count(vector => vector.IsEncrypted));
    }

    [Theory]
    [MemberData(nameof(Structured))]
    public void A_worked_example_decodes_to_its_fields(string name)
    {
        var vector = Vectors.Named(name);
        var layout = Layout(vector.Structure);
        Assert.Equal(layout.Size, vector.Message.Length);
        foreach (var (field, value) in vector.Fields)
        {
            LayoutCodec.AssertReads(layout.Fields.Single(info => info.Name == field), vector.Message, value);
        }
    }

    [Theory]
    [MemberData(nameof(Structured))]
    public void A_worked_example_encodes_to_its_bytes(string name)
    {
        var vector = Vectors.Named(name);
        var layout = Layout(vector.Structure);
        var message = new byte[layout.Size];
        layout.Clear(message);
        foreach (var (field, value) in vector.Fields)
        {
            LayoutCodec.Write(layout.Fields.Single(info => info.Name == field), message, value);
        }

        Assert.Equal(Convert.ToHexStringLower(vector.Message), Convert.ToHexStringLower(message));
        Assert.Contains(MessageCatalogue.Find(vector.Code), kind => kind.Layout == layout);
    }

    [Theory]
    [MemberData(nameof(OnTheWire))]
    public void A_worked_example_is_framed_and_read_back_byte_for_byte(string name)
    {
        var vector = Vectors.Named(name);
        var sequence = PacketHeader.SequenceNumber.Read(vector.Packet);
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.Write(output, vector.Message, sequence);
        Assert.Equal(vector.Packet, output.WrittenSpan.ToArray());

        var buffer = new ReadOnlySequence<byte>(vector.Packet);
        Assert.Equal(FrameReadStatus.Frame, new FrameReader().TryRead(ref buffer, out var frame));
        Assert.Equal(vector.Message, frame.Message.ToArray());
        Assert.Equal(vector.Code, frame.Code);
        Assert.Equal(sequence, frame.Sequence);
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void The_plain_text_behind_a_cipher_example_is_a_message_of_ours()
    {
        foreach (var vector in Vectors.All.Where(vector => vector.IsEncrypted))
        {
            Assert.NotNull(MessageCatalogue.Find(null, vector.Code, vector.Message.Length));
        }
    }

    [Fact]
    public void A_legacy_invitation_is_read_in_both_forms()
    {
        var small = Vectors.Named("legacy_invitation_4byte").Message;
        Assert.Equal(1, ShortInvitation.InvitationCount.Read(small));
        Assert.Equal(ShortInvitation.Layout, MessageCatalogue.Find(null, TransactionCode.Invitation, small.Length)!.Layout);

        var old = Vectors.Named("legacy_invitation_42byte_in_26byte_packet");
        Assert.Equal(1, LongInvitation.InvitationCount.Read(old.Message));
        Assert.Equal(LongInvitation.Layout, MessageCatalogue.Find(null, TransactionCode.Invitation, old.Message.Length)!.Layout);
        Assert.Equal(old.Packet.Length, LegacyPacketHeader.Length.Read(old.Packet));
        Assert.Equal(1, LegacyPacketHeader.MessageCount.Read(old.Packet));
        Assert.Equal(old.Message, old.Packet[LegacyPacketHeader.Layout.Size..]);
    }

    [Fact]
    public void The_depth_broadcast_decodes_field_by_field()
    {
        var vector = Vectors.Named("broadcast_only_mbp_uncompressed");
        var record = vector.Message.AsSpan(BroadcastHeader.Layout.Size + 2);
        foreach (var (field, value) in vector.Fields)
        {
            if (field.StartsWith("bcast.", StringComparison.Ordinal))
            {
                LayoutCodec.AssertReads(BroadcastHeader.Layout.Fields.Single(info => info.Name == field[6..]), vector.Message, value);
            }
            else if (field.StartsWith("rec0.", StringComparison.Ordinal))
            {
                LayoutCodec.AssertReads(CmMarketDepth.Layout.Fields.Single(info => info.Name == field[5..]), record, value);
            }
        }

        Assert.Equal(152500, CmMarketDepth.Levels[0].Price.Read(record));
        Assert.Equal(900, CmMarketDepth.Levels[5].Quantity.Read(record));
        Assert.Equal(vector.Message, vector.Packet[^vector.Message.Length..]);
    }

    [Fact]
    public void The_members_login_messages_are_those_of_the_examples()
    {
        var identity = new SignOnIdentity(40521, "Trade@26", "", "90123", 7, 10001, "1234501");
        Span<byte> buffer = stackalloc byte[316];
        AssertIs("gr_request", SessionMessages.Router(buffer, 101, "90123"));
        AssertIs("secure_box_registration_request", SessionMessages.BoxRegistration(buffer, 101));
        AssertIs("box_sign_on_request", SessionMessages.BoxSignOn(buffer, 101, "90123", Convert.FromHexString("5331a7c40e9b2f6d")));
        AssertIs("sign_on_request_cm", SessionMessages.SignOn(buffer, Segment.CapitalMarket, identity));
        AssertIs("fo_sign_on_request", SessionMessages.SignOn(buffer, Segment.FuturesAndOptions, identity));
        AssertIs("system_information_request_cm", SessionMessages.SystemInformation(buffer, Segment.CapitalMarket, 40521));
        AssertIs("download_request_all_stream1", SessionMessages.Download(buffer, 40521, 1, 0));
        AssertIs("download_request_resume_stream1", SessionMessages.Download(buffer, 40521, 1, 96969249931264));
        AssertIs("heartbeat", SessionMessages.HeartbeatMessage(buffer));
        AssertIs("sign_off_request", SessionMessages.SignOff(buffer, 40521));
    }

    [Fact]
    public void The_local_database_request_repeats_the_market_statuses_of_the_system_information()
    {
        var information = new byte[CmSystemInformation.Layout.Size];
        var expected = Vectors.Named("update_localdb_request_cm").Message;
        expected.AsSpan(CmUpdateLocalDatabase.NormalMarketStatus.Offset, 12).CopyTo(information.AsSpan(CmSystemInformation.Normal.Offset));
        var request = new byte[CmUpdateLocalDatabase.Layout.Size];
        SessionMessages.LocalDatabase(request, Segment.CapitalMarket, 40521, information);
        expected[CmUpdateLocalDatabase.RequestForOpenOrders.Offset] = (byte)'N';
        Assert.Equal(expected, request);
    }

    private static void AssertIs(string name, ReadOnlySpan<byte> message) =>
        Assert.Equal(Convert.ToHexStringLower(Vectors.Named(name).Message), Convert.ToHexStringLower(message));

    private static StructureLayout Layout(string name) => MessageCatalogue.Structures.Single(structure => structure.Name == name);
}
