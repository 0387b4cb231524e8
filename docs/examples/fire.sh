#!/bin/sh
# Takes one frame over a serial port and prints the answer: sh fire.sh /dev/ttyACM0
# The exit status is 0 if the frame is being taken. On the box itself: echo fire | backbutton console

port=${1:?"write it like: sh fire.sh /dev/ttyACM0"}
end=$(printf '\r')

# Read lines until one starts with $1 or $2, and leave it in $line.
read_to() {
    while IFS= read -r line <&3; do
        line=${line%"$end"}
        case $line in
            "$1"*|"$2"*) return ;;
        esac
    done
    echo "the box does not answer" >&2
    exit 1
}

stty raw -echo clocal 115200 <"$port" || exit
exec 3<>"$port"

# Somebody may have left output unread: once the version arrives, all of it has been read.
printf 'plain\nplain\nversion\n' >&3
read_to "ok backbutton" "ok backbutton"

printf 'fire\n' >&3
read_to ok error
echo "$line"
case $line in
    error*) exit 1 ;;
esac
