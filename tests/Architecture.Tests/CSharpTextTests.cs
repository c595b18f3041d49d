using Xunit;

namespace Backup.Architecture.Tests;

/// <summary>The reader that the other tests rest on.</summary>
public sealed class CSharpTextTests
{
    [Fact]
    public void Strings_and_comments_are_not_code()
    {
        const string text = "a = \"TODO {\"; // double {\nb = $\"{c[\"}\"]} {{x\"; /* } */ d = '{'; e = \"\"\"f \" {\"\"\"; g = @\"h\"\"{\";";

        Assert.Equal("a=;b=;d=;e=;g=;", string.Concat(CSharpText.CodeOnly(text).Where(c => !char.IsWhiteSpace(c))));
    }

    [Fact]
    public void A_member_is_as_long_as_from_its_first_line_to_its_last()
    {
        var members = CSharpText.Members(
            """
            namespace N;

            public sealed class C(int x) : Base(x)
            {
                private readonly int[] _many = [1, 2];

                public int Short() => x switch
                {
                    1 => 2,
                    _ => 3,
                };

                public int Long()
                {
                    if (x > 0)
                    {
                        return 1;
                    }

                    return 2;
                }
            }
            """);

        Assert.Equal([("public int Short() => x switch", 7, 5), ("public int Long()", 13, 9)], members.Select(one => (one.Header, one.FirstLine, one.Lines)));
    }
}
