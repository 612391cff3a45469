use strict;
use warnings;

my %count;
my $text = join ' ', map { 'word' . ($_ * 7919 % 1000) } 1 .. 50000;
$count{$1}++ while $text =~ /word(\d*7)\b/g;
print join(',', map { "$_=$count{$_}" } (sort keys %count)[0 .. 9]), "\n";

my @lists = map { [ map { $_ x 20 } 1 .. $_ % 50 ] } 1 .. 5000;
print scalar(map { @$_ } @lists), "\n";
my $string = '';
$string .= chr(65 + $_ % 26) x ($_ % 100) for 1 .. 20000;
print length($string), ' ', unpack('%32C*', $string), "\n";
for my $child (1 .. 5) {
    my $pid = fork() // die;
    if ($pid == 0) { my @own = map { "x$_" } 1 .. 10000; exit(@own == 10000 ? 0 : 1); }
    waitpid $pid, 0;
    print "child $child: $?\n";
}
