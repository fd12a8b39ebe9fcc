internal import CLibzip
internal import CExpat
internal import CXLSXWriter
