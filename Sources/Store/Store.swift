internal import GRDB
internal import CLibpq
