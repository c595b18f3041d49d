using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Wire.Bench;

if (args.Length > 0)
{
    Console.WriteLine("Wire.Bench: the cost of orders, frames and ciphers, each beside its peer in the same run; the last line is JSON.");
    return args[0] is "--help" or "-h" ? 0 : 2;
}

var contest = new Contest();
var codec = new OrderCodec();
long kept = 0;
AddCodec();
var message = codec.Message.AsMemory(0, OrderCodec.Size);
AddFrames();
AddBareAes();
contest.Run();

Console.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture} (checked {kept != 0})");
Row("G20 order encode + decode", "codec", "copy of the same bytes", "copy");
Row("G21 clear frame written", "clearSeal", "MD5 alone", "md5");
Row("G21 clear frame read", "clearOpen", "MD5 alone", "md5");
Row("frame written, existing cipher", "existingSeal", "MD5 + bare AES", "md5", "aes");
Row("frame read, existing cipher", "existingOpen", "MD5 + bare AES", "md5", "aes");
Row("frame written, new cipher", "newSeal", "bare AES", "aes");
Row("frame read, new cipher", "newOpen", "bare AES", "aes");
Row("bare AES with a context a call", "aesOneShot", "bare AES", "aes");

// Goals: RELIABILITY.md G20, G21.
var codecNs = contest.Median("codec");
var (written, read) = (contest.Ratio("clearSeal", "md5"), contest.Ratio("clearOpen", "md5"));
string[] quiet = ["codec", "clearSeal", "clearOpen", "existingSeal", "existingOpen", "newSeal", "newOpen"];
var allocated = quiet.Sum(contest.Allocated);
var isGood = codecNs <= 60 && written <= 1.1 && read <= 1.1 && allocated == 0;
Console.WriteLine(isGood ? "goals met" : "GOAL MISSED (codec <= 60 ns, frames <= 1.1 x MD5, nothing allocated)");
Console.WriteLine(JsonSerializer.Serialize(new
{
    bench = "wire",
    figures = new
    {
        codecNs,
        copyNs = contest.Median("copy"),
        allocatedBytes = allocated,
        md5Ns = contest.Median("md5"),
        frameWriteNs = contest.Median("clearSeal"),
        frameWriteToMd5 = written,
        frameReadNs = contest.Median("clearOpen"),
        frameReadToMd5 = read,
        aesNs = contest.Median("aes"),
        existingWriteNs = contest.Median("existingSeal"),
        existingWriteToMd5AndAes = contest.Ratio("existingSeal", "md5", "aes"),
        existingReadNs = contest.Median("existingOpen"),
        existingReadToMd5AndAes = contest.Ratio("existingOpen", "md5", "aes"),
        newWriteNs = contest.Median("newSeal"),
        newWriteToAes = contest.Ratio("newSeal", "aes"),
        newReadNs = contest.Median("newOpen"),
        newReadToAes = contest.Ratio("newOpen", "aes"),
    },
}));
return isGood ? 0 : 1;

void AddCodec()
{
    contest.Add("codec", times =>
    {
        for (var n = 0; n < times; n++)
        {
            codec.Encode();
            kept = unchecked(kept + codec.Decode());
        }
    });
    var (there, back) = (new byte[OrderCodec.Size], new byte[OrderCodec.Size]);
    contest.Add("copy", times =>
    {
        for (var n = 0; n < times; n++)
        {
            back.AsSpan().CopyTo(there);
            there.AsSpan().CopyTo(back);
        }
    });
}

void AddFrames()
{
    var digest = new byte[16];
    contest.Add("md5", times =>
    {
        for (var n = 0; n < times; n++)
        {
            FrameChecksum.Compute(message.Span, digest);
        }
    });
    AddFrame("clear", LinkKeys.None);
    AddFrame("existing", LinkKeys.Existing(new byte[32], new byte[16]));
    AddFrame("new", LinkKeys.New(new byte[32], new byte[8], 0, new byte[12]));
}

void AddFrame(string name, LinkKeys keys)
{
    var target = new byte[FrameReader.HeaderLength + OrderCodec.Size];
    var sender = keys.ToExchange();
    contest.Add($"{name}Seal", times =>
    {
        for (var n = 0; n < times; n++)
        {
            FrameWriter.Write(target, message.Span, 1, sender);
        }
    });

    // Opened is the same frame again and again; under a cipher it is a wrong one, which costs what a good one does.
    var packet = new byte[target.Length];
    FrameWriter.Write(packet, message.Span);
    var reader = new FrameReader { Cipher = keys.ToExchange() };
    contest.Add($"{name}Open", times =>
    {
        for (var n = 0; n < times; n++)
        {
            var buffer = new ReadOnlySequence<byte>(packet);
            kept += (int)reader.TryRead(ref buffer, out _);
        }
    });
}

void AddBareAes()
{
    var aes = Aes.Create();
    aes.Key = new byte[32];
#pragma warning disable CA5358 // The peer of the comparison, not a cipher of anything.
    aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
    aes.Padding = PaddingMode.None;
    var encryptor = aes.CreateEncryptor();
    var (plain, hidden) = (new byte[144], new byte[144]);
    contest.Add("aes", times =>
    {
        for (var n = 0; n < times; n++)
        {
            encryptor.TransformBlock(plain, 0, plain.Length, hidden, 0);
        }
    });
    contest.Add("aesOneShot", times =>
    {
        for (var n = 0; n < times; n++)
        {
            aes.EncryptEcb(plain, hidden, PaddingMode.None);
        }
    });
}

void Row(string what, string name, string peer, params string[] peers) => Console.WriteLine(
    $"{what,-34} {contest.Median(name),8:F1} ns   {contest.Ratio(name, peers),6:F2} x {peer} ({peers.Sum(contest.Median):F1} ns)   {contest.Allocated(name)} B a thousand");
