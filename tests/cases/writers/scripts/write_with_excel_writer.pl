# The tables with Perl's Excel::Writer::XLSX: perl write_with_excel_writer.pl tables.json book.xlsx
use strict;
use warnings;
use JSON::PP;
use Excel::Writer::XLSX;
use Excel::Writer::XLSX::Utility;

my ($tables, $target) = @ARGV;
open my $file, '<:raw', $tables or die $!;
my $wanted = decode_json(do { local $/; <$file> });
my $book = Excel::Writer::XLSX->new($target);
for my $table (@{ $wanted->{sheets} }) {
    my $sheet = $book->add_worksheet($table->{name});
    my $formats  = $table->{formats}  || {};
    my $formulas = $table->{formulas} || {};
    my $rows = $table->{rows};
    $sheet->merge_range($_, '', $book->add_format()) for @{ $table->{merged} || [] };
    for my $number (0 .. $#$rows) {
        for my $column (0 .. $#{ $rows->[$number] }) {
            my $value = $rows->[$number][$column];
            next unless defined $value;
            my $address = xl_rowcol_to_cell($number, $column);
            my $format;
            $format = $book->add_format(num_format => $formats->{$address}) if $formats->{$address};
            if (exists $formulas->{$address}) {
                my $given = JSON::PP::is_bool($value) ? ($value ? 'TRUE' : 'FALSE') : $value;
                $sheet->write_formula($number, $column, "=$formulas->{$address}", $format, $given);
            }
            elsif (JSON::PP::is_bool($value)) {
                $sheet->write_boolean($number, $column, $value ? 1 : 0, $format);
            }
            elsif (!ref $value && JSON::PP->new->allow_nonref->encode($value) =~ /^"/) {
                $sheet->write_string($number, $column, $value, $format);
            }
            else {
                $sheet->write_number($number, $column, $value, $format);
            }
        }
    }
    for my $letter (@{ $table->{hidden_columns} || [] }) {
        $sheet->set_column("$letter:$letter", undef, undef, 1);
    }
    if (my $made = $table->{table}) {
        my $last = $rows->[-1];
        $sheet->add_table($made->{ref}, {
            name => $made->{name}, total_row => 1,
            columns => [
                { header => $made->{columns}[0], total_string => $last->[0] },
                { header => $made->{columns}[1], total_function => 'sum', total_value => $last->[1] },
            ],
        });
    }
}
$book->close();
