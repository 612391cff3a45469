# Hashes of arrays of strings, regular expressions, sorting: each scalar has a body, many a buffer, of its
# own.
use strict;
use warnings;

my $state = 14;
sub random {
    $state = ($state * 1103515245 + 12345) % 2147483648;
    return int($state / 65536) % $_[0];
}

my %places;
for my $line (1 .. 400000) {
    my $text = join ' ', map { 'word' . random(3000) } 1 .. 8;
    $text =~ s/word(\d)/<$1>/g if $line % 3 == 0;
    push @{ $places{$_} }, $line for split / /, $text;
}

my %tree;
for my $i (1 .. 400000) {
    my $node = $tree{ random(2000) }{ random(50) } //= { count => 0, names => [] };
    $node->{count}++;
    push @{ $node->{names} }, "name $i";
    shift @{ $node->{names} } if @{ $node->{names} } > 3;
    delete $tree{ random(2000) } if $i % 20 == 0;
}

my @sorted = sort { @{ $places{$b} } <=> @{ $places{$a} } || $a cmp $b } keys %places;
my $count = 0;
for my $branch (values %tree) { $count += $_->{count} for values %$branch }
print scalar(@sorted), " $sorted[0] $count\n";
