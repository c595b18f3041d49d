using System.Buffers.Binary;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Tests;

public class FieldTests
{
    private static readonly DoubleInteger Wide = new(0);
    private static readonly TextField Text = new(0, 5);

    [Theory]
    [InlineData(0)]
    [InlineData(1100000000000457)]
    [InlineData(8999999999999999)]
    [InlineData(9007199254740992)]
    public void A_wide_integer_up_to_2_to_the_53_travels_exactly(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        Wide.Write(bytes, value);
        Assert.Equal(value, Wide.Read(bytes));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void A_double_that_is_no_whole_number_is_refused(double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        Assert.False(Wide.TryRead(bytes, out _));
        Assert.Throws<WireFormatException>(() => Wide.Read(bytes));
    }

    [Fact]
    public void A_number_too_wide_for_a_double_is_not_written() =>
        Assert.Throws<WireFormatException>(() => Wide.Write(new byte[8], 9007199254740993));

    [Fact]
    public void Text_is_padded_with_blanks_and_read_without_blanks_and_nuls()
    {
        var bytes = new byte[5];
        Text.Write(bytes, "AB");
        Assert.Equal("AB   "u8, bytes);
        Assert.Equal("AB", Text.Read(bytes));
        Assert.Equal("AB", Text.Read("AB\0\0\0"u8));
        Assert.Equal("", Text.Read(new byte[5]));
    }

    [Theory]
    [InlineData("TOOLONG")]
    [InlineData("É")]
    public void Text_that_does_not_fit_is_refused_and_never_cut(string value) =>
        Assert.Throws<WireFormatException>(() => Text.Write(new byte[5], value));

    [Fact]
    public void A_raw_field_is_read_as_a_big_endian_number()
    {
        var flags = new RawField(1, 2);
        var bytes = new byte[4];
        flags.WriteNumber(bytes, 0x1060);
        Assert.Equal([0, 0x10, 0x60, 0], bytes);
        Assert.Equal(0x1060, flags.ReadNumber(bytes));
    }

    [Fact]
    public void Shared_fields_are_copied_by_name_and_reserved_ones_are_not()
    {
        var request = Vectors.Named("order_entry_tr_cm").Message;
        var answer = new byte[CmOrderAnswer.Layout.Size];
        CmOrderAnswer.Layout.Clear(answer);
        CmOrderEntry.Layout.CopyShared(request, CmOrderAnswer.Layout, answer);
        Assert.Equal("INFY", CmOrderAnswer.Symbol.Read(answer));
        Assert.Equal("CLI0001", CmOrderAnswer.AccountNumber.Read(answer));
        Assert.Equal(100, CmOrderAnswer.Volume.Read(answer));
        Assert.Equal(700001, CmOrderAnswer.TransactionId.Read(answer));
        Assert.Equal(152550, CmOrderAnswer.Price.Read(answer));
    }

    [Fact]
    public void The_sample_time_is_quarter_past_nine_in_India()
    {
        var sample = new DateTimeOffset(2026, 11, 20, 9, 15, 30, TimeSpan.FromMinutes(330));
        Assert.Equal(1479633330, NnfTime.ToSeconds(sample));
        Assert.Equal(sample, NnfTime.FromSeconds(1479633330));
        Assert.Equal(1479633330000000000, NnfTime.ToNanoseconds(sample));
        Assert.Equal(1479633330L * 65536, NnfTime.ToJiffies(sample));
        Assert.Equal(sample, NnfTime.FromJiffies(1479633330L * 65536));
    }

    [Fact]
    public void Jiffies_survive_the_way_to_an_instant_and_back_within_one()
    {
        for (long jiffies = 96969249922970; jiffies < 96969249922970 + 70000; jiffies += 11)
        {
            Assert.InRange(NnfTime.ToJiffies(NnfTime.FromJiffies(jiffies)), jiffies - 1, jiffies);
        }
    }
}
