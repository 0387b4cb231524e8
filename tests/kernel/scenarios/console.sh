# Shows: the gadget makes a serial port, the console starts and stops with it and answers at the other end; if another
# gadget has the USB port, ours refuses with a sentence; the gadget can be stopped and restarted while the console has the
# port open, with and without a computer at the other end.
. /project/tests/kernel/systemd_setup.sh
modprobe dummy_hcd; modprobe libcomposite
systemctl -q enable backbutton-console@.service
systemctl start backbutton
echo "== another gadget"
other=/sys/kernel/config/usb_gadget/network
mkdir -p $other/configs/c.1 $other/functions/acm.X0
echo 0x1d6b > $other/idVendor; echo 0x0104 > $other/idProduct
ln -s $other/functions/acm.X0 $other/configs/c.1/
ls /sys/class/udc > $other/UDC
systemctl start backbutton-gadget 2>/dev/null && echo "FAILED: it was not refused"
journalctl -u backbutton-gadget --no-pager -o cat | grep '^backbutton-gadget'
ls /sys/kernel/config/usb_gadget
systemctl stop backbutton-console@ttyGS0 # the kernel removes a port only when nobody has it open
echo > $other/UDC; rm $other/configs/c.1/acm.X0; rmdir $other/functions/acm.X0 $other/configs/c.1 $other
udevadm settle; sleep 1
echo "== ours"
systemctl start backbutton-gadget
for _ in $(seq 100); do [ -e /dev/ttyACM0 ] && systemctl -q is-active backbutton-console@ttyGS0 && break; sleep 0.2; done
systemctl show -p ActiveState backbutton-gadget backbutton-console@ttyGS0
cat /sys/kernel/config/usb_gadget/backbutton/strings/0x409/*
/opt/venv/bin/python - <<'P'
import serial, time
port = serial.Serial("/dev/ttyACM0", timeout=1)
end, received = time.monotonic() + 40, b""
while b"ok" not in received and time.monotonic() < end:
    port.write(b"status\r\n")
    received += port.read(2000)
print(received.decode(errors="replace")[:400])
P
echo "== and gone"
timeout 20 systemctl stop backbutton-gadget || { echo "FAILED: it hangs"; exit 1; }
for _ in $(seq 50); do systemctl -q is-active backbutton-console@ttyGS0 || break; sleep 0.2; done
systemctl show -p ActiveState,Result backbutton-console@ttyGS0 backbutton-gadget
ls /sys/kernel/config/usb_gadget /dev/ttyGS0 2>&1 || true
systemctl start backbutton-gadget
for _ in $(seq 50); do systemctl -q is-active backbutton-console@ttyGS0 && break; sleep 0.2; done
systemctl show -p ActiveState backbutton-console@ttyGS0
journalctl -u backbutton-console@ttyGS0 --no-pager -o cat | tail -5
echo "== stopped while no computer is connected: the console has the port open, and no hang-up closes it"
echo disconnect > "$(echo /sys/class/udc/*/soft_connect)"
sleep 3
console=$(systemctl show -p MainPID --value backbutton-console@ttyGS0)
ls -l "/proc/$console/fd" | grep -q ttyGS0 || echo "FAILED: the console does not have the port open"
timeout 20 systemctl restart backbutton-gadget || { echo "FAILED: it hangs"; exit 1; }
for _ in $(seq 50); do systemctl -q is-active backbutton-console@ttyGS0 && break; sleep 0.2; done
systemctl show -p ActiveState backbutton-gadget backbutton-console@ttyGS0
timeout 20 systemctl stop backbutton-gadget || { echo "FAILED: it hangs"; exit 1; }
systemctl show -p ActiveState,Result backbutton-console@ttyGS0 backbutton-gadget
ls /sys/kernel/config/usb_gadget /dev/ttyGS0 2>&1 || true
