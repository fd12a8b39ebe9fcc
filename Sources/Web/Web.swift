internal import Hummingbird
internal import Mustache
internal import Yams
internal import Crypto
internal import Logging
