using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>What the exchange makes of members who do not keep to their link's mode.</summary>
public class LinkTests : IAsyncDisposable
{
    private const Segment Cm = Segment.CapitalMarket;

    private readonly Simulators _simulators = new();

    public static TheoryData<LinkMode> Ciphers => [LinkMode.Existing, LinkMode.New];

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public async Task A_message_spoiled_on_an_encrypted_link_ends_it_with_19031(LinkMode mode)
    {
        await using var member = await RegisteredAsync(mode);
        await member.SendSealedAsync(buffer => SessionMessages.BoxSignOn(buffer, 101, "90123", member.SessionKey));
        Assert.Equal(0, Error(await member.ExpectAsync(TransactionCode.BoxSignOnResponse)));
        await member.SendSealedAsync(buffer => SessionMessages.HeartbeatMessage(buffer), spoil: true);
        Assert.Equal(ExchangeError.ChecksumWrong, Error(await member.ExpectAsync(TransactionCode.BoxSignOff)));
        Assert.True(await member.IsEndedAsync());
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public async Task A_clear_message_on_an_encrypted_link_ends_it_with_19031(LinkMode mode)
    {
        await using var member = await RegisteredAsync(mode);
        await member.SendAsync(buffer => SessionMessages.BoxSignOn(buffer, 101, "90123", member.SessionKey));
        Assert.Equal(ExchangeError.ChecksumWrong, Error(await member.ExpectAsync(TransactionCode.BoxSignOff)));
        Assert.True(await member.IsEndedAsync());
    }

    [Fact]
    public async Task A_registration_with_a_wrong_checksum_is_answered_with_19031()
    {
        var host = await _simulators.StartAsync(settings => settings with { Link = LinkMode.New });
        var (member, _) = await TestMember.AskSecuredRouterAsync(host, Cm);
        await using (member)
        {
            var packet = TestMember.Packet(SessionMessages.BoxRegistration(new byte[64], 101), 1);
            packet[^1] ^= 1;
            await member.SendRawAsync(packet);
            Assert.Equal(ExchangeError.ChecksumWrong, Error(await member.ExpectAsync(TransactionCode.BoxSignOff)));
            Assert.True(await member.IsEndedAsync());
        }
    }

    [Fact]
    public async Task A_box_contracted_for_a_cipher_that_does_not_register_is_turned_away_with_19030()
    {
        var host = await _simulators.StartAsync(settings => settings with { Link = LinkMode.Existing });
        var (member, _) = await TestMember.AskSecuredRouterAsync(host, Cm);
        await using (member)
        {
            await member.SendAsync(buffer => SessionMessages.BoxSignOn(buffer, 101, "90123", member.SessionKey));
            Assert.Equal(ExchangeError.EncryptionMismatch, Error(await member.ExpectAsync(TransactionCode.BoxSignOff)));
            Assert.True(await member.IsEndedAsync());
        }
    }

    [Fact]
    public async Task A_registration_on_a_clear_link_is_answered_with_19030_and_one_before_the_routers_answer_with_16006()
    {
        var clear = await _simulators.StartAsync();
        await using var early = await TestMember.ConnectAsync(clear.GatewayPort(Cm), Cm);
        await early.SendAsync(buffer => SessionMessages.BoxRegistration(buffer, 101), 1);
        Assert.Equal(ExchangeError.EncryptionMismatch, Error(await early.ExpectAsync(TransactionCode.BoxRegistrationResponse)));
        Assert.True(await early.IsEndedAsync());

        await using var others = new Simulators();
        var sealing = await others.StartAsync(settings => settings with { Link = LinkMode.New });
        await using var strange = await TestMember.ConnectAsync(sealing.GatewayPort(Cm), Cm);
        await strange.SendAsync(buffer => SessionMessages.BoxRegistration(buffer, 101), 1);
        Assert.Equal(ExchangeError.SignOnDataWrong, Error(await strange.ExpectAsync(TransactionCode.BoxRegistrationResponse)));
        Assert.True(await strange.IsEndedAsync());
    }

    [Fact]
    public async Task The_ca_file_stays_the_same_over_a_restart_and_its_key_is_for_the_owner_alone()
    {
        var host = await _simulators.StartAsync(settings => settings with { Link = LinkMode.New });
        var before = await File.ReadAllTextAsync(_simulators.CaFile);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", before, StringComparison.Ordinal);
        await host.DisposeAsync();
        await _simulators.StartAsync(settings => settings with { Link = LinkMode.New });
        Assert.Equal(before, await File.ReadAllTextAsync(_simulators.CaFile));
        var key = Path.Combine(_simulators.Folder, "data", "gr_ca_key1.pem");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    private async Task<TestMember> RegisteredAsync(LinkMode mode)
    {
        var host = await _simulators.StartAsync(settings => settings with { Link = mode });
        var (member, answer) = await TestMember.AskSecuredRouterAsync(host, Cm);
        Assert.Equal(0, Error(await member.RegisterAsync(answer)));
        return member;
    }

    private static short Error(byte[] message) => MessageHeader.ErrorCode.Read(message);
}
