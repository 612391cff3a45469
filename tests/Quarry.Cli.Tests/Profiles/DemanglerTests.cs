using Quarry.Cli.Profiles.Names;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Readable names of C++ and Rust; those of Rust are from its RFC 2603 and its own tests.</summary>
public sealed class DemanglerTests
{
    [Theory]
    [InlineData("malloc", "malloc")]
    [InlineData("memcpy@@GLIBC_2.14", "memcpy")]
    [InlineData("parse.cold", "parse")]
    [InlineData("parse.constprop.0.isra.0", "parse")]
    [InlineData("_ZN3foo3barEv", "foo::bar()")]
    [InlineData("_ZN3foo3barEv.cold", "foo::bar()")]
    [InlineData("_ZNSt6vectorIiSaIiEE9push_backERKi",
        "std::vector<int, std::allocator<int> >::push_back(int const&)")]
    [InlineData("_Znonsense", "_Znonsense")]
    [InlineData("_ZN4core3ptr13drop_in_place17h0123456789abcdefE", "core::ptr::drop_in_place")]
    [InlineData("_ZN40_$LT$i32$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
        "<i32 as core::fmt::Debug>::fmt")]
    [InlineData("_RNvCs1234_7mycrate3foo", "mycrate::foo")]
    [InlineData("_RNvC6_123foo3bar", "123foo::bar")]
    [InlineData("_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_", "cc::spawn::{closure#0}::{closure#0}")]
    [InlineData("_RINvC3std3maxlE", "std::max::<i32>")]
    [InlineData("_RNvMsr_NtCs3ssYzQotkvD_3std4pathNtB5_7PathBuf3newCs15kBYyAo9fc_7mycrate",
        "<std::path::PathBuf>::new")]
    [InlineData("_RNvXCs15kBYyAo9fc_7mycrateNtB2_7ExampleNtB2_5Trait3foo",
        "<mycrate::Example as mycrate::Trait>::foo")]
    [InlineData("_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_E" +
        "Cs1iopQbuBiw2_3std",
        "alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>")]
    [InlineData("_RMC0INtC8arrayvec8ArrayVechKj7b_E", "<arrayvec::ArrayVec<u8, 123>>")]
    [InlineData("_RMC0INtC3foo3BarKb1_E", "<foo::Bar<true>>")]
    [InlineData("_RINvCs1_1a1bTlhEFmEuRe4oops", "_RINvCs1_1a1bTlhEFmEuRe4oops")]
    [InlineData("_R", "_R")]
    [InlineData("_RNvB_1a", "_RNvB_1a")]
    public void Names_are_those_that_their_authors_wrote(string mangled, string expected) =>
        Assert.Equal(expected, Demangler.Demangle(mangled));

    [Fact]
    public void A_name_that_refers_to_itself_again_and_again_ends()
    {
        // Each tuple repeats the previous one twice.
        string name = "_RIC0" + string.Concat(System.Linq.Enumerable.Repeat("TB2_B2_E", 60)) + "E";
        Assert.True(Demangler.Demangle(name).Length < 100_000);
    }
}
